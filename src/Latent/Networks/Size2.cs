namespace Latent.Networks;

/// <summary>A height and a width: of a kernel, a stride, a pooling window, an upsampling factor. A whole number stands for a square.</summary>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Width">Columns, at least 1.</param>
public readonly record struct Size2(int Height, int Width)
{
    /// <summary>The square of this side.</summary>
    public static implicit operator Size2(int side) => new(side, side);

    /// <summary>Height and width, in this order.</summary>
    public static implicit operator Size2((int Height, int Width) size) => new(size.Height, size.Width);

    /// <inheritdoc/>
    public override string ToString() => $"({Height}, {Width})";
}
