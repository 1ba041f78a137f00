using ScottPlot;
using SkiaSharp;

namespace Latent.Images;

/// <summary>A line of <see cref="Figures.Curves"/>.</summary>
/// <param name="Name">What the line is.</param>
/// <param name="X">From left to right; as many numbers as <paramref name="Y"/> has.</param>
/// <param name="Y">The heights; one that is not a finite number, or not above 0 on a logarithmic axis, is left out.</param>
public sealed record Curve(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y);

public static partial class Figures
{
    private const float KeyLine = 20;

    /// <summary>Lines in a frame with axes: spectra, losses of several models, anything over anything.</summary>
    /// <param name="title">What one sees.</param>
    /// <param name="subtitle">What to know about it; null for none.</param>
    /// <param name="xName">What the axis to the right is.</param>
    /// <param name="yName">What the axis upwards is.</param>
    /// <param name="curves">One line or more, ten at most: so many colours are told apart.</param>
    /// <param name="logarithmic">Whether the axis upwards is logarithmic.</param>
    /// <param name="options">The scale counts here.</param>
    /// <exception cref="LatentException">There are no curves or too many, one has more of one than of the other numbers, or an option is out of range.</exception>
    public static Figure Curves(
        string title,
        string? subtitle,
        string xName,
        string yName,
        IReadOnlyList<Curve> curves,
        bool logarithmic = false,
        FigureOptions? options = null
    )
    {
        options = Checked(options);
        if (curves.Count is 0 or > 10 || curves.Any(curve => curve.X.Count != curve.Y.Count))
            throw new LatentException(
                "These curves cannot be drawn.",
                "1 to 10 curves, each with as many X as Y",
                $"{curves.Count} curves: {string.Join(", ", curves.Select(curve => $"'{curve.Name}' with {curve.X.Count} X and {curve.Y.Count} Y"))}"
            );
        const float width = 980;
        List<Coordinates>[] points = [.. curves.Select(curve => Points(curve, logarithmic))];
        SKColor[] colors = [.. curves.Select((_, i) => Distinct(i))];
        var key = Lines(curves, width);
        float keyHeight = KeyLine * (key[^1].Y + 1) + 6;
        return new Figure(
            title,
            subtitle,
            width,
            404 + keyHeight,
            options.Scale,
            (canvas, body) =>
            {
                for (int i = 0; i < curves.Count; i++)
                    KeyEntry(canvas, curves[i].Name, colors[i], 18, body.Left + key[i].X, body.Top + 10 + KeyLine * key[i].Y);
                Chart.Draw(Plot, canvas, new SKRect(body.Left, body.Top + keyHeight, body.Right, body.Bottom));
            }
        );

        Plot Plot()
        {
            var plot = Chart.Create();
            for (int i = 0; i < curves.Count; i++)
                Line(plot, points[i], colors[i]);
            plot.XLabel(xName);
            plot.YLabel(yName);
            List<Coordinates> all = [.. points.SelectMany(p => p)];
            Frame(plot, all, logarithmic, leastSide: all.TrueForAll(p => p.X == all[0].X) ? 0.5 : 0);
            if (all.Count > 0)
            {
                var limits = plot.Axes.GetLimits();
                plot.Axes.Bottom.TickGenerator = Ticks.Every(Ticks.Step(limits.HorizontalSpan, 12), limits.Left, limits.Right);
            }
            plot.Layout.Fixed(new PixelPadding(78, 8, 46, 6));
            return plot;
        }
    }

    /// <summary>Where each entry of the key stands: units from the left, and the line, from 0.</summary>
    private static List<(float X, int Y)> Lines(IReadOnlyList<Curve> curves, float width)
    {
        var places = new List<(float X, int Y)>();
        (float x, int line) = (0, 0);
        foreach (var curve in curves)
        {
            float wide = KeyWidth(curve.Name, 18);
            if (x > 0 && x + wide > width)
                (x, line) = (0, line + 1);
            places.Add((x, line));
            x += wide;
        }
        return places;
    }

    private static List<Coordinates> Points(Curve curve, bool log) =>
        [
            .. from point in curve.X.Zip(curve.Y)
            where double.IsFinite(point.First) && double.IsFinite(point.Second) && (!log || point.Second > 0)
            select new Coordinates(point.First, log ? Math.Log10(point.Second) : point.Second),
        ];

    private static SKColor Distinct(int index)
    {
        var (red, green, blue) = ColorMap.Tab10.At(index / 9.0);
        return new(red, green, blue);
    }
}
