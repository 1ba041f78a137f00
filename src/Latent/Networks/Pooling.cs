namespace Latent.Networks;

/// <summary>The largest number of each window, channel by channel. Cells outside the image never win.</summary>
/// <param name="PoolSize">The window; null for 2.</param>
/// <param name="Strides">The step of the window; null for the window itself.</param>
/// <param name="Padding">What happens at the border.</param>
public sealed record MaxPooling2D(Size2? PoolSize = null, Size2? Strides = null, Padding Padding = Padding.Valid) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "MaxPooling2D";

    internal Size2 Pool => PoolSize ?? 2;

    internal Size2 Stride => Strides ?? Pool;

    internal override void Check(OptionChecks checks) => CheckWindow(checks, Pool, Stride, Padding);

    /// <inheritdoc/>
    public override Shape Output(Shape input) => PooledBy(input, Pool, Stride, Padding);
}

/// <summary>The mean of each window, channel by channel. Cells outside the image do not count.</summary>
/// <param name="PoolSize">The window; null for 2.</param>
/// <param name="Strides">The step of the window; null for the window itself.</param>
/// <param name="Padding">What happens at the border.</param>
public sealed record AveragePooling2D(Size2? PoolSize = null, Size2? Strides = null, Padding Padding = Padding.Valid) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "AveragePooling2D";

    internal Size2 Pool => PoolSize ?? 2;

    internal Size2 Stride => Strides ?? Pool;

    internal override void Check(OptionChecks checks) => CheckWindow(checks, Pool, Stride, Padding);

    /// <inheritdoc/>
    public override Shape Output(Shape input) => PooledBy(input, Pool, Stride, Padding);
}

/// <summary>The mean of each channel over the whole image: a vector, or an image of one pixel.</summary>
/// <param name="KeepDims">Whether the output is an image of one pixel, and not a vector.</param>
public sealed record GlobalAveragePooling2D(bool KeepDims = false) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "GlobalAveragePooling2D";

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        RequireImage(input);
        return KeepDims ? new(1, 1, input.Channels) : Shape.Vector(input.Channels);
    }
}
