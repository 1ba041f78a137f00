namespace Latent.Networks;

/// <summary>An image as one vector, in the order height, width, channels.</summary>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "Flatten";

    internal override string BaseName => "flatten";

    /// <inheritdoc/>
    public override Shape Output(Shape input) => Shape.Vector(input.Size);
}

/// <summary>The same numbers in the same order as another shape.</summary>
/// <param name="Target">The new shape, of the same size.</param>
public sealed record Reshape(Shape Target) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "Reshape";

    internal override string BaseName => "reshape";

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

/// <summary>Each pixel repeated: the image grows by a whole factor in each direction (nearest neighbour).</summary>
/// <param name="Size">The factors.</param>
public sealed record UpSampling2D(Size2 Size) : Layer
{
    /// <summary>Twice as high and wide, Keras's default.</summary>
    public UpSampling2D()
        : this(2) { }

    /// <inheritdoc/>
    public override string ClassName => "UpSampling2D";

    internal override string BaseName => "up_sampling2d";

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        RequireImage(input);
        Size.Check("The factor of UpSampling2D");
        return new(checked(input.Height * Size.Height), checked(input.Width * Size.Width), input.Channels);
    }
}

/// <summary>The largest number of each window, channel by channel. Cells outside the image never win.</summary>
/// <param name="PoolSize">The window; null for 2.</param>
/// <param name="Strides">The step of the window; null for the window itself.</param>
/// <param name="Padding">What happens at the border.</param>
public sealed record MaxPooling2D(Size2? PoolSize = null, Size2? Strides = null, Padding Padding = Padding.Valid) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "MaxPooling2D";

    internal override string BaseName => "max_pooling2d";

    internal Size2 Pool => PoolSize ?? 2;

    internal Size2 Stride => Strides ?? Pool;

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        RequireImage(input);
        Pool.Check("The window of MaxPooling2D");
        Stride.Check("The stride of MaxPooling2D");
        if (Padding == Padding.Valid && (input.Height < Pool.Height || input.Width < Pool.Width))
            throw new LatentException(
                "MaxPooling2D's window is larger than its input.",
                $"an input of at least {Pool}",
                $"{input}",
                "use Padding.Same or a smaller window"
            );
        return new(
            Window.Of(input.Height, Pool.Height, Stride.Height, Padding).Output,
            Window.Of(input.Width, Pool.Width, Stride.Width, Padding).Output,
            input.Channels
        );
    }
}

/// <summary>An activation function as a layer of its own.</summary>
/// <param name="Function">The function.</param>
public sealed record ActivationLayer(Activation Function) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "Activation";

    internal override string BaseName => "activation";

    /// <inheritdoc/>
    public override Shape Output(Shape input) => input;
}
