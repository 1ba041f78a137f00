namespace Latent.Networks;

/// <summary>An image as one vector, in the order height, width, channels.</summary>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "Flatten";

    /// <inheritdoc/>
    public override Shape Output(Shape input) => Shape.Vector(input.Size);
}

/// <summary>The same numbers in the same order as another shape.</summary>
/// <param name="Target">The new shape, of the same size.</param>
public sealed record Reshape(Shape Target) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "Reshape";

    /// <inheritdoc/>
    public override Shape Output(Shape input) =>
        Target.Size == input.Size
            ? Target
            : throw new LatentException(
                "Reshape changes the number of values.",
                $"{input.Size} values as {input}",
                $"{Target.Size} as {Target}"
            );
}
