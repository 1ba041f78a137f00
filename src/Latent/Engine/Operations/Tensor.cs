using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>Rows and columns of zeros that lie around an image in memory, so that a window may reach over its edge.</summary>
internal readonly record struct Borders(int Top, int Bottom, int Left, int Right)
{
    public bool IsNone => this == default;
}

/// <summary>
/// Where the images of a group lie in a thread's arena. Pixels of a row and the channels of a pixel are contiguous; between rows and between
/// images there may be borders, which are zero and stay so.
/// </summary>
internal sealed class Tensor
{
    private Tensor(Shape shape, Borders borders, int start, int rowStride, int imageStride, bool isOfPart) =>
        (Shape, Borders, Start, RowStride, ImageStride, IsOfPart) = (shape, borders, start, rowStride, imageStride, isOfPart);

    public Shape Shape { get; }

    public Borders Borders { get; }

    /// <summary>The index of the first image's first pixel in the arena.</summary>
    public int Start { get; }

    /// <summary>Floats from one row to the next.</summary>
    public int RowStride { get; }

    /// <summary>Floats from one image to the next.</summary>
    public int ImageStride { get; }

    /// <summary>Whether it has room for a part of a group only, see <see cref="Plan.Tail"/>.</summary>
    public bool IsOfPart { get; }

    /// <summary>How many runs of contiguous floats an image is: its rows, or 1 where no border lies between them.</summary>
    public int Runs => Borders.IsNone ? 1 : Shape.Height;

    /// <summary>The length of such a run.</summary>
    public int RunLength => Borders.IsNone ? Shape.Size : Shape.Width * Shape.Channels;

    /// <summary>Lays a tensor at the end of an arena.</summary>
    public static Tensor Allocate(Shape shape, Borders borders, int images, bool isOfPart, ref int arena)
    {
        int rowStride = checked((borders.Left + shape.Width + borders.Right) * shape.Channels);
        // rows or images a multiple of 4 KB apart would share the same few cache sets
        if (!borders.IsNone && rowStride % 1024 == 0)
            rowStride += 16;
        int imageStride = checked((rowStride * (borders.Top + shape.Height + borders.Bottom) + 15) / 16 * 16);
        if (imageStride % 1024 == 0)
            imageStride += 16;
        int start = arena + borders.Top * rowStride + borders.Left * shape.Channels;
        arena = checked(arena + imageStride * images + 16);
        return new(shape, borders, start, rowStride, imageStride, isOfPart);
    }

    /// <summary>What lies between rows of zeros above and below, as another shape; null where there are columns of zeros too.</summary>
    public Tensor? Inside(Shape shape) =>
        RowStride == Shape.Width * Shape.Channels ? new(shape, default, Start, shape.Width * shape.Channels, ImageStride, IsOfPart) : null;

    /// <summary>The same memory as another shape; only where there are no borders.</summary>
    public Tensor View(Shape shape) => new(shape, default, Start, shape.Width * shape.Channels, ImageStride, IsOfPart);
}
