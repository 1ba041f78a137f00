using Latent.Data;
using Latent.Networks;

namespace Latent.Images;

/// <summary>
/// Many images as one large one, so that a file's header is theirs together. Each lies in a cell whose sides are multiples of 16, as the blocks of
/// JPEG and WebP are, and repeats its edge to the cell's.
/// </summary>
internal sealed class ImageSheet
{
    private const int Block = 16;
    private const int LargestSide = 8192;

    private readonly Shape _image;
    private readonly int _cellHeight,
        _cellWidth,
        _columns;

    public ImageSheet(ImageSet images)
    {
        _image = images.Shape;
        (_cellHeight, _cellWidth) = (Whole(_image.Height), Whole(_image.Width));
        int most = Math.Max(1, LargestSide / _cellWidth) * Math.Max(1, LargestSide / _cellHeight);
        Count = Math.Min(images.Count, most);
        _columns = Math.Clamp(
            (int)Math.Ceiling(Math.Sqrt((double)Count * _cellHeight / _cellWidth)),
            1,
            Math.Max(1, LargestSide / _cellWidth)
        );
        Shape = new((Count + _columns - 1) / _columns * _cellHeight, _columns * _cellWidth, _image.Channels);
        Pixels = new byte[Shape.Size];
        for (int i = 0; i < Count; i++)
        {
            var source = images.Image(i);
            for (int y = 0; y < _cellHeight; y++)
            for (int x = 0; x < _cellWidth; x++)
                source
                    .Slice(
                        (Math.Min(y, _image.Height - 1) * _image.Width + Math.Min(x, _image.Width - 1)) * _image.Channels,
                        _image.Channels
                    )
                    .CopyTo(Pixels.AsSpan(At(i, y, x)));
        }
    }

    /// <summary>How many images are on it: the first of the set.</summary>
    public int Count { get; }

    public Shape Shape { get; }

    public byte[] Pixels { get; }

    /// <summary>The images out of a sheet that was decoded.</summary>
    public byte[] Cut(ReadOnlySpan<byte> sheet)
    {
        var pixels = new byte[Count * _image.Size];
        int row = _image.Width * _image.Channels;
        for (int i = 0; i < Count; i++)
        for (int y = 0; y < _image.Height; y++)
            sheet.Slice(At(i, y, 0), row).CopyTo(pixels.AsSpan(i * _image.Size + y * row));
        return pixels;
    }

    private int At(int image, int y, int x) =>
        ((image / _columns * _cellHeight + y) * Shape.Width + image % _columns * _cellWidth + x) * _image.Channels;

    private static int Whole(int side) => (side + Block - 1) / Block * Block;
}
