namespace Latent.Networks;

/// <summary>Rows and columns along the four sides of an image.</summary>
/// <param name="Top">Rows above.</param>
/// <param name="Bottom">Rows below.</param>
/// <param name="Left">Columns left.</param>
/// <param name="Right">Columns right.</param>
public readonly record struct Margins(int Top, int Bottom, int Left, int Right)
{
    /// <summary>As many on all sides.</summary>
    public static implicit operator Margins(int all) => new(all, all, all, all);

    /// <inheritdoc/>
    public override string ToString() => $"(({Top}, {Bottom}), ({Left}, {Right}))";

    internal void Check(OptionChecks checks)
    {
        if (Top < 0 || Bottom < 0 || Left < 0 || Right < 0)
            checks.Add("Margins", $"must be at least 0 on each side; they are {this}.");
    }
}

/// <summary>Zeros around the image.</summary>
/// <param name="Margins">How many rows and columns of them.</param>
public sealed record ZeroPadding2D(Margins Margins) : Layer
{
    /// <summary>One row or column on each side, Keras's default.</summary>
    public ZeroPadding2D()
        : this(1) { }

    /// <inheritdoc/>
    public override string ClassName => "ZeroPadding2D";

    internal override void Check(OptionChecks checks) => Margins.Check(checks);

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        Require();
        RequireImage(input);
        return new(
            checked(input.Height + Margins.Top + Margins.Bottom),
            checked(input.Width + Margins.Left + Margins.Right),
            input.Channels
        );
    }
}

/// <summary>The image without rows and columns at its sides.</summary>
/// <param name="Margins">How many of them go.</param>
public sealed record Cropping2D(Margins Margins) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "Cropping2D";

    internal override void Check(OptionChecks checks) => Margins.Check(checks);

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        Require();
        RequireImage(input);
        long height = (long)input.Height - Margins.Top - Margins.Bottom,
            width = (long)input.Width - Margins.Left - Margins.Right;
        return height > 0 && width > 0
            ? new((int)height, (int)width, input.Channels)
            : throw new LatentException("Cropping2D leaves nothing of its input.", $"less than {input}", $"{Margins}");
    }
}
