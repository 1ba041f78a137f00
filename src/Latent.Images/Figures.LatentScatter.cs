using Latent.Analysis;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Latent.Images;

public static partial class Figures
{
    /// <summary>Where the first codes lie in a plane, coloured by label, with the square of ±range.</summary>
    /// <param name="plane">The plane to draw in; see <see cref="CodePlane.Of"/>.</param>
    /// <param name="codes">n × latent numbers.</param>
    /// <param name="labels">A label per code, or empty.</param>
    /// <param name="labelNames">The labels' names; empty for their numbers.</param>
    /// <param name="options"><see cref="FigureOptions.Count"/>, range, colour map and scale count here.</param>
    /// <exception cref="LatentException">The numbers do not fit each other, or an option is out of range.</exception>
    public static Figure LatentScatter(
        CodePlane plane,
        ReadOnlySpan<float> codes,
        ReadOnlySpan<byte> labels = default,
        IReadOnlyList<string>? labelNames = null,
        FigureOptions? options = null
    )
    {
        options = Checked(options);
        float[] all = plane.Project(codes);
        if (!labels.IsEmpty && labels.Length != all.Length / 2)
            throw new LatentException("The labels do not fit the codes.", $"{all.Length / 2} labels", $"{labels.Length}");
        int count = Math.Min(options.Count, all.Length / 2);
        float[] points = all[..(2 * count)];
        byte[] colors = labels.IsEmpty ? [] : labels[..count].ToArray();
        string[] names = Names(colors, labelNames ?? []);
        bool flat = plane.LatentSize == 1;
        double inside = CodeStatistics.ShareInside(points, 2, options.Range);
        double range = options.Range;

        return new Figure(
            plane.IsPrincipal ? "Codes on their first two principal components" : "Codes",
            $"{(count == 1 ? "The first code" : $"The first {count:N0} codes")}{(colors.Length > 0 ? ", coloured by label" : "")}; "
                + $"{100 * inside:0.#} % of these within the {(flat ? "lines" : "square")} of ±{range:0.##}"
                + (
                    plane.IsPrincipal
                        ? $"; the plane keeps {100 * plane.VarianceShare:0} % of the variance of {plane.LatentSize} numbers"
                        : ""
                ),
            colors.Length > 0 ? 700 : 620,
            600,
            options.Scale,
            (canvas, body) => Chart.Draw(Plot(), canvas, body)
        );

        Plot Plot()
        {
            var plot = Chart.Create();
            plot.DataBackground.Color = Chart.Color(Ink.Ground);
            plot.Grid.MajorLineColor = Colors.White;
            plot.Add.Plottable(new RangeSquare(range, flat));
            Markers(plot, points, colors, names.Length, options.ColorMap, flat);
            plot.XLabel(plane.FirstName);
            plot.YLabel(flat ? "label" : plane.SecondName);
            if (flat)
                plot.Axes.Left.TickGenerator = LabelTicks(names);
            if (colors.Length > 0)
                Bar(plot, options.ColorMap, names);
            FrameSquare(plot, points, colors, flat);
            return plot;
        }
    }

    private static string[] Names(byte[] labels, IReadOnlyList<string> names)
    {
        int classes = labels.Length == 0 ? 0 : Math.Max(labels.Max() + 1, names.Count);
        return [.. Enumerable.Range(0, classes).Select(i => i < names.Count ? names[i] : $"{i}")];
    }

    /// <summary>
    /// In the order of the codes, so that no label lies over all others. Each has a thin dark rim: without it the pale colours in the middle of
    /// the map are lost.
    /// </summary>
    private static void Markers(Plot plot, float[] points, byte[] labels, int classes, ColorMap map, bool flat)
    {
        float size = points.Length / 2 <= 2000 ? 6.5f : 4.5f;
        plot.Add.Plottable(new Dots(points, labels, classes, map, size, flat));
    }

    private static void Bar(Plot plot, ColorMap map, string[] names)
    {
        var bar = plot.Add.ColorBar(new LabelScale(map, Math.Max(1, names.Length - 1)));
        bar.Width = 18;
        Chart.Dress(bar.Axis);
        bar.Axis.TickGenerator = LabelTicks(names);
    }

    private static NumericManual LabelTicks(string[] names)
    {
        var ticks = new NumericManual();
        int step = (names.Length + 29) / 30;
        for (int i = 0; i < names.Length; i += step)
            ticks.AddMajor(i, Ink.Fitted(names[i], 11, 110));
        return ticks;
    }

    /// <summary>The data with a little room, and the same length of a unit both ways.</summary>
    private static void FrameSquare(Plot plot, float[] points, byte[] labels, bool flat)
    {
        var (left, right) = Extent(points, 0);
        var (bottom, top) = flat ? (-1, labels.Length == 0 ? 1 : labels.Max() + 1) : Extent(points, 1);
        plot.Axes.SetLimits(left, right, bottom, top);
        if (!flat)
            plot.Axes.SquareUnits();
    }

    private static (double Low, double High) Extent(float[] points, int side)
    {
        (double low, double high) = (double.MaxValue, double.MinValue);
        for (int i = side; i < points.Length; i += 2)
            (low, high) = (Math.Min(low, points[i]), Math.Max(high, points[i]));
        double room = Math.Max(0.04 * (high - low), 1e-3);
        return (low - room, high + room);
    }

    private sealed class LabelScale(ColorMap map, double last) : IHasColorAxis, IColormap
    {
        public IColormap Colormap => this;

        public string Name => map.Name;

        public ScottPlot.Range GetRange() => new(0, last);

        public Color GetColor(double position)
        {
            var (red, green, blue) = map.At(position);
            return new(red, green, blue);
        }
    }
}
