namespace Latent.Networks;

/// <summary>How numbers between the pixels of an image are found.</summary>
public enum Interpolation
{
    /// <summary>Each pixel repeated.</summary>
    Nearest,

    /// <summary>Weighted means of the two nearest pixels in each direction, with the pixels' centres at halves.</summary>
    Bilinear,
}

/// <summary>The image grows by a whole factor in each direction.</summary>
/// <param name="Size">The factors.</param>
public sealed record UpSampling2D(Size2 Size) : Layer
{
    /// <summary>Twice as high and wide, Keras's default.</summary>
    public UpSampling2D()
        : this(2) { }

    /// <summary>What stands between the pixels. Default: each pixel is repeated.</summary>
    public Interpolation Interpolation { get; init; }

    /// <inheritdoc/>
    public override string ClassName => "UpSampling2D";

    internal override void Check(OptionChecks checks)
    {
        Size.Check(checks, "Size");
        checks.Known("Interpolation", Interpolation);
    }

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        Require();
        RequireImage(input);
        return new(checked(input.Height * Size.Height), checked(input.Width * Size.Width), input.Channels);
    }
}
