using ScottPlot;
using SkiaSharp;

namespace Latent.Images;

public static partial class Figures
{
    private const string DistortionMethods = "autoencoder|PCA|JPEG|WebP|JPEG, one file|WebP, one file";

    /// <summary>
    /// Bytes an image, on a logarithmic axis, against the peak signal-to-noise ratio and, below, the structural similarity. Codes of one number of bits
    /// are a line over their sizes; a kind of file is a line over its qualities.
    /// </summary>
    /// <param name="title">What one sees.</param>
    /// <param name="subtitle">What to know about it; null for none.</param>
    /// <param name="points">What <see cref="Images.RateDistortion"/> measured; what loses nothing is left out.</param>
    /// <param name="options">The scale counts here.</param>
    /// <exception cref="LatentException">There is no point to draw, or an option is out of range.</exception>
    public static Figure RateDistortion(string title, string? subtitle, IReadOnlyList<RatePoint> points, FigureOptions? options = null)
    {
        options = Checked(options);
        var lines = RateLines(points);
        if (lines.Count == 0)
            throw new LatentException("There is nothing to draw.", "at least one way that loses something", "none");
        const float width = 980;
        const float chart = 330;
        var key = Lines([.. lines.Select(line => new Curve(line.Name, [], []))], width);
        float keyHeight = KeyLine * (key[^1].Y + 1) + 6;
        bool similar = lines.Exists(line => line.Points.Exists(point => double.IsFinite(point.Ssim)));
        return new Figure(
            title,
            subtitle,
            width,
            keyHeight + (similar ? 2 : 1) * chart,
            options.Scale,
            (canvas, body) =>
            {
                for (int i = 0; i < lines.Count; i++)
                    KeyEntry(canvas, lines[i].Name, lines[i].Color, 18, body.Left + key[i].X, body.Top + 10 + KeyLine * key[i].Y);
                float top = body.Top + keyHeight;
                Chart.Draw(
                    () => RatePlot(lines, point => point.Psnr, "PSNR, dB", last: !similar),
                    canvas,
                    new SKRect(body.Left, top, body.Right, top + chart)
                );
                if (similar)
                    Chart.Draw(
                        () => RatePlot(lines, point => point.Ssim, "SSIM", last: true),
                        canvas,
                        new SKRect(body.Left, top + chart, body.Right, top + 2 * chart)
                    );
            }
        );
    }

    private static List<RateLine> RateLines(IReadOnlyList<RatePoint> points)
    {
        string[] methods = DistortionMethods.Split('|');
        return
        [
            .. points
                .Where(point => point.MeanSquaredError > 0)
                .GroupBy(point => (point.Method, Bits: point.Size is null ? "" : point.Setting[(point.Setting.IndexOf('×') + 2)..]))
                .OrderBy(group => Array.IndexOf(methods, group.Key.Method) is >= 0 and var known ? known : methods.Length)
                .Select(
                    (group, i) =>
                        new RateLine(
                            group.Key.Bits.Length == 0 ? group.Key.Method : $"{group.Key.Method}, {group.Key.Bits}",
                            Distinct(i % 10),
                            [.. group.DistinctBy(point => point.Setting, StringComparer.Ordinal).OrderBy(point => point.Bytes)]
                        )
                ),
        ];
    }

    private static Plot RatePlot(List<RateLine> lines, Func<RatePoint, double> value, string name, bool last)
    {
        var plot = Chart.Create();
        foreach (var line in lines)
        {
            Coordinates[] places =
            [
                .. line
                    .Points.Where(point => double.IsFinite(value(point)))
                    .Select(point => new Coordinates(Math.Log10(point.Bytes), value(point))),
            ];
            if (places.Length == 0)
                continue;
            var drawn = plot.Add.Scatter(places, Chart.Color(line.Color));
            (drawn.LineWidth, drawn.MarkerSize) = (2, 7);
        }
        plot.YLabel(name);
        if (last)
            plot.XLabel("bytes an image");
        List<Coordinates> all =
        [
            .. lines
                .SelectMany(line => line.Points)
                .Where(point => double.IsFinite(value(point)))
                .Select(point => new Coordinates(Math.Log10(point.Bytes), value(point))),
        ];
        Frame(plot, all, log: false, leastSide: 0.05);
        var limits = plot.Axes.GetLimits();
        plot.Axes.Bottom.TickGenerator = Ticks.Logarithmic(limits.Left, limits.Right);
        plot.Layout.Fixed(new PixelPadding(68, 8, last ? 46 : 28, 6));
        return plot;
    }

    private sealed record RateLine(string Name, SKColor Color, List<RatePoint> Points);
}
