using Latent.Analysis;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Latent.Images;

public static partial class Figures
{
    /// <summary>How long a label's name beside the colour bar may be, in units.</summary>
    private const float LabelWidth = 120;

    /// <summary>Where the first codes lie in a plane, coloured by label, with the square of ±range.</summary>
    /// <param name="plane">The plane to draw in; see <see cref="CodePlane.Of"/>.</param>
    /// <param name="codes">n × latent numbers.</param>
    /// <param name="labels">A label per code, or empty.</param>
    /// <param name="labelNames">The labels' names; empty for their numbers.</param>
    /// <param name="options"><see cref="FigureOptions.Count"/>, range, colour map and scale count here.</param>
    /// <param name="source">What the codes are, at the start of the line below the title ("mnist: the first 1,000 of 10,000 test codes"); null to count them.</param>
    /// <exception cref="LatentException">The numbers do not fit each other, or an option is out of range.</exception>
    public static Figure LatentScatter(
        CodePlane plane,
        ReadOnlySpan<float> codes,
        ReadOnlySpan<byte> labels = default,
        IReadOnlyList<string>? labelNames = null,
        FigureOptions? options = null,
        string? source = null
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
        string codesSaid = source ?? (count == 1 ? "The first code" : $"The first {count:N0} codes");
        bool flat = plane.LatentSize == 1;
        double inside = CodeStatistics.ShareInside(points, 2, options.Range);
        double range = options.Range;
        var frame = ScatterFrame.Of(points, colors, range, flat);
        float longest = names.Select(name => Ink.Measure(Ink.Fitted(name, 11, LabelWidth), 11)).DefaultIfEmpty().Max();
        bool hasBar = colors.Length > 0 && !flat; // codes of one number have their labels along the axis
        var padding = new PixelPadding(flat ? 44 + longest : 62, hasBar ? 56 + longest : 8, 48, 6);

        return new Figure(
            $"Codes {InPlane(plane)}",
            $"{codesSaid}{(colors.Length > 0 ? ", coloured by label" : "")}; "
                + (count == 1 ? (inside > 0 ? "within " : "outside ") : $"{100 * inside:0.#}\u00a0% of these {count:N0} points within ")
                + Square(frame, range, flat)
                + (plane.IsPrincipal ? $"; the plane keeps {100 * plane.VarianceShare:0}\u00a0% of the variance" : ""),
            frame.Width + padding.Horizontal,
            frame.Height + padding.Vertical,
            options.Scale,
            (canvas, body) => Chart.Draw(Plot, canvas, body)
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
            double step = Ticks.Step(Math.Max(frame.Right - frame.Left, flat ? 0 : frame.Top - frame.Bottom), 10);
            plot.Axes.Bottom.TickGenerator = Ticks.Every(step, frame.Left, frame.Right);
            plot.Axes.Left.TickGenerator = flat ? LabelTicks(names) : Ticks.Every(step, frame.Bottom, frame.Top);
            if (hasBar)
                Bar(plot, options.ColorMap, names);
            plot.Axes.SetLimits(frame.Left, frame.Right, frame.Bottom, frame.Top);
            plot.Layout.Fixed(padding);
            return plot;
        }
    }

    /// <summary>Where in a plane codes are drawn, for titles.</summary>
    private static string InPlane(CodePlane plane) =>
        plane.IsPrincipal ? "on the first two principal components"
        : plane.LatentSize == 1 ? "along z₁"
        : "in the plane of z₁ and z₂";

    private static string Square(ScatterFrame frame, double range, bool flat) =>
        (flat, frame.Holds(range, flat)) switch
        {
            (false, true) => $"the square of ±{range:0.##}",
            (false, false) => $"the square of ±{range:0.##}, which reaches beyond this picture",
            (true, true) => $"the lines at ±{range:0.##}",
            (true, false) => $"±{range:0.##}, which is beyond this picture",
        };

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
            ticks.AddMajor(i, Ink.Fitted(names[i], 11, LabelWidth));
        return ticks;
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
