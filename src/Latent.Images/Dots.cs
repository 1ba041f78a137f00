using ScottPlot;
using SkiaSharp;

namespace Latent.Images;

/// <summary>Points in their own colours, drawn one by one in their order.</summary>
/// <param name="points">n × 2 numbers.</param>
/// <param name="labels">A label per point, or empty.</param>
/// <param name="classes">How many labels there are.</param>
/// <param name="map">The labels' colours.</param>
/// <param name="size">The diameter.</param>
/// <param name="flat">Whether a point's height is its label.</param>
internal sealed class Dots(float[] points, byte[] labels, int classes, ColorMap map, float size, bool flat) : IPlottable
{
    private static readonly SKColor Rim = new(0x30, 0x36, 0x3d, 0xb0);

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        using var fill = new SKPaint { IsAntialias = true };
        using var rim = new SKPaint
        {
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = 0.6f,
            Color = Rim,
        };
        for (int i = 0; i < points.Length / 2; i++)
        {
            double y =
                !flat ? points[2 * i + 1]
                : labels.Length > 0 ? labels[i]
                : 0;
            var pixel = Axes.GetPixel(new Coordinates(points[2 * i], y));
            var (red, green, blue) =
                labels.Length == 0 ? ((byte)0x1f, (byte)0x6f, (byte)0xb4) : map.At(labels[i] / (double)Math.Max(1, classes - 1));
            fill.Color = new SKColor(red, green, blue);
            rp.Canvas.DrawCircle(pixel.X, pixel.Y, size / 2, fill);
            rp.Canvas.DrawCircle(pixel.X, pixel.Y, size / 2, rim);
        }
    }
}
