using SkiaSharp;

namespace Latent.Images.Tests;

/// <summary>A figure's pixels, addressed in the figure's units.</summary>
internal sealed class Picture : IDisposable
{
    private const int Scale = 2;
    private readonly SKBitmap _bitmap;

    public Picture(Figure figure)
    {
        _bitmap = SKBitmap.Decode(figure.ToPng(Scale));
        Assert.Equal((figure.Width * Scale, figure.Height * Scale), (_bitmap.Width, _bitmap.Height));
    }

    public SKColor At(double x, double y) => _bitmap.GetPixel((int)(x * Scale), (int)(y * Scale));

    /// <summary>How many pixels of an area satisfy a condition.</summary>
    public int Count(SKRect area, Func<SKColor, bool> condition)
    {
        int count = 0;
        for (int y = (int)(area.Top * Scale); y < Math.Min(_bitmap.Height, area.Bottom * Scale); y++)
        for (int x = (int)(area.Left * Scale); x < Math.Min(_bitmap.Width, area.Right * Scale); x++)
        {
            if (condition(_bitmap.GetPixel(x, y)))
                count++;
        }
        return count;
    }

    public int CountDark(SKRect area) => Count(area, color => color.Red + color.Green + color.Blue < 3 * 110);

    public SKRect All => SKRect.Create(_bitmap.Width / (float)Scale, _bitmap.Height / (float)Scale);

    public void Dispose() => _bitmap.Dispose();
}
