namespace Latent.Networks;

/// <summary>The shape of one image or one vector, without the batch: (height, width, channels) or (size). Memory runs in this order.</summary>
public readonly record struct Shape
{
    private Shape(int height, int width, int channels, bool isVector) =>
        (Height, Width, Channels, IsVector) = (height, width, channels, isVector);

    /// <summary>The shape of an image.</summary>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="channels">Numbers per pixel, at least 1.</param>
    /// <exception cref="LatentException">A number is below 1, or the image has more than 2³⁰ numbers.</exception>
    public Shape(int height, int width, int channels)
        : this(height, width, channels, isVector: false) => Check();

    /// <summary>The shape of a vector: what <see cref="Flatten"/> and <see cref="Dense"/> give.</summary>
    /// <param name="size">The length, at least 1.</param>
    /// <exception cref="LatentException">The length is below 1 or above 2³⁰.</exception>
    public static Shape Vector(int size)
    {
        var shape = new Shape(1, 1, size, isVector: true);
        shape.Check();
        return shape;
    }

    /// <summary>Rows; 1 for a vector.</summary>
    public int Height { get; }

    /// <summary>Columns; 1 for a vector.</summary>
    public int Width { get; }

    /// <summary>Numbers per pixel; the length of a vector.</summary>
    public int Channels { get; }

    /// <summary>Whether this is a vector and not an image.</summary>
    public bool IsVector { get; }

    /// <summary>All numbers: height × width × channels.</summary>
    public int Size => Height * Width * Channels;

    /// <inheritdoc/>
    public override string ToString() => IsVector ? $"({Channels})" : $"({Height}, {Width}, {Channels})";

    private void Check()
    {
        if (Height < 1 || Width < 1 || Channels < 1 || (long)Height * Width > (1L << 30) / Channels)
            throw new LatentException("A shape is out of range.", "every number at least 1 and at most 2³⁰ numbers in all", ToString());
    }
}
