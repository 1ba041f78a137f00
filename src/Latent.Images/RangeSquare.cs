using ScottPlot;
using SkiaSharp;

namespace Latent.Images;

/// <summary>
/// The square of ±range, or its two sides where the plane is flat, in dashes that are lines of their own: Skia writes no dashed lines into SVG
/// files.
/// </summary>
internal sealed class RangeSquare(double range, bool flat) : IPlottable
{
    private const float Dash = 6;

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        using var paint = new SKPaint
        {
            IsAntialias = true,
            IsStroke = true,
            StrokeWidth = 1.3f,
            Color = Ink.Soft,
        };
        var low = Axes.GetPixel(new Coordinates(-range, -range));
        var high = Axes.GetPixel(new Coordinates(range, range));
        var data = rp.DataRect;
        float top = flat ? data.Top : high.Y;
        float bottom = flat ? data.Bottom : low.Y;
        foreach (float x in new[] { low.X, high.X })
        {
            float end = Math.Min(bottom, data.Bottom);
            for (float y = Start(top, data.Top); y < end; y += 2 * Dash)
                rp.Canvas.DrawLine(x, y, x, Math.Min(y + Dash, end), paint);
        }
        if (flat)
            return;
        foreach (float y in new[] { low.Y, high.Y })
        {
            float end = Math.Min(high.X, data.Right);
            for (float x = Start(low.X, data.Left); x < end; x += 2 * Dash)
                rp.Canvas.DrawLine(x, y, Math.Min(x + Dash, end), y, paint);
        }
    }

    /// <summary>The first dash that reaches into the data's area: a square far larger than it has few dashes too.</summary>
    private static float Start(float from, float edge) => from >= edge ? from : from + MathF.Floor((edge - from) / (2 * Dash)) * 2 * Dash;
}
