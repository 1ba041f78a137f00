using Latent.Training;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Latent.Images;

public static partial class Figures
{
    /// <summary>The loss of each epoch on the training and the validation images, the best epoch marked.</summary>
    /// <param name="history">At least one epoch.</param>
    /// <param name="options"><see cref="FigureOptions.LogLoss"/> and the scale count here.</param>
    /// <exception cref="LatentException">There is no epoch, or an option is out of range.</exception>
    public static Figure LossCurve(IReadOnlyList<EpochResult> history, FigureOptions? options = null)
    {
        options = Checked(options);
        if (history.Count == 0)
            throw new LatentException("There is no loss to draw.", "at least one epoch", "an empty history", "train for an epoch or more");
        var losses = Points(history, epoch => epoch.Loss, options.LogLoss);
        var valLosses = Points(history, epoch => epoch.ValLoss, options.LogLoss);
        var best = history.Where(epoch => epoch.ValLoss is { } v && double.IsFinite(v)).MinBy(epoch => epoch.ValLoss);
        string subtitle = best is null
            ? $"{Epochs(history.Count)}, without validation"
            : $"The lowest val_loss is {best.ValLoss:0.00000}, after epoch {best.Epoch} of {history[^1].Epoch}";
        if (options.LogLoss)
            subtitle += "; the loss axis is logarithmic";
        return new Figure("Loss", subtitle, 760, 380, options.Scale, (canvas, body) => Chart.Draw(Plot(), canvas, body));

        Plot Plot()
        {
            var plot = Chart.Create();
            Line(plot, losses, "loss (training images, while the weights move)", new SKColor(0x8a, 0x93, 0x9d));
            if (valLosses.Count > 0)
                Line(plot, valLosses, "val_loss (validation images, at the epoch's end)", new SKColor(0x1f, 0x6f, 0xb4));
            if (best is not null)
            {
                double y = options.LogLoss ? Math.Log10(best.ValLoss!.Value) : best.ValLoss!.Value;
                var mark = plot.Add.Marker(best.Epoch, y, MarkerShape.FilledCircle, 9, Chart.Color(new SKColor(0xd7, 0x30, 0x27)));
                mark.LegendText = $"best: epoch {best.Epoch}";
            }
            plot.XLabel("epoch");
            plot.YLabel("loss");
            plot.Axes.Bottom.TickGenerator = WholeNumbers(history[^1].Epoch);
            Frame(plot, [.. losses, .. valLosses], options.LogLoss);
            plot.Legend.FontName = Typefaces.Family;
            plot.Legend.FontSize = 12;
            plot.Legend.OutlineWidth = 0;
            plot.Legend.ShadowColor = Colors.Transparent;
            plot.Legend.BackgroundColor = Chart.Color(Ink.Paper).WithAlpha(220);
            plot.ShowLegend(Alignment.UpperRight);
            return plot;
        }
    }

    private static string Epochs(int count) => count == 1 ? "1 epoch" : $"{count} epochs";

    private static List<Coordinates> Points(IReadOnlyList<EpochResult> history, Func<EpochResult, double?> value, bool log) =>
        [
            .. from epoch in history
            let y = value(epoch)
            where y is { } v && double.IsFinite(v) && (!log || v > 0)
            select new Coordinates(epoch.Epoch, log ? Math.Log10(y.Value) : y.Value),
        ];

    private static void Line(Plot plot, List<Coordinates> points, string name, SKColor color)
    {
        var line = plot.Add.Scatter(points.ToArray(), Chart.Color(color));
        line.LineWidth = 2;
        line.MarkerSize = points.Count <= 30 ? 5 : 0;
        line.LegendText = name;
    }

    private static NumericManual WholeNumbers(int last)
    {
        int step = 1;
        for (int i = 0; last / step > 15; i++)
            step = (i % 3) switch
            {
                0 => step * 2,
                1 => step / 2 * 5,
                _ => step * 2,
            };
        var ticks = new NumericManual();
        for (int epoch = step; epoch <= last; epoch += step)
            ticks.AddMajor(epoch, $"{epoch}");
        if (step > 1)
            ticks.AddMajor(1, "1");
        return ticks;
    }

    private static void Frame(Plot plot, List<Coordinates> points, bool log)
    {
        if (points.Count == 0)
            return; // a training that diverged at once: an empty frame, and the subtitle says why
        double low = points.Min(p => p.Y);
        double high = points.Max(p => p.Y);
        double room = Math.Max((high - low) * 0.08, log ? 0.02 : Math.Abs(high) * 0.02);
        double bottom = log ? low - room : Math.Max(0, low - room);
        (double first, double last) = (points.Min(p => p.X), points.Max(p => p.X));
        double side = Math.Max(0.5, (last - first) * 0.02);
        plot.Axes.SetLimits(first - side, last + side, bottom, high + room);
        plot.Axes.Left.TickGenerator = log ? LogTicks(bottom, high + room) : new NumericAutomatic { LabelFormatter = v => $"{v:0.#####}" };
    }

    /// <summary>1, 2 and 5 times the powers of ten; every tenth of them where the range is narrow.</summary>
    private static NumericManual LogTicks(double low, double high)
    {
        double[] factors =
            high - low > 0.6 ? [1, 2, 5]
            : high - low > 0.25 ? [1, 1.5, 2, 3, 4, 5, 6, 8]
            : [.. Enumerable.Range(10, 90).Where(i => high - low > 0.08 ? i % 5 == 0 || i < 30 : true).Select(i => i / 10.0)];
        var ticks = new NumericManual();
        for (int power = (int)Math.Floor(low); power <= high; power++)
        {
            foreach (double factor in factors)
            {
                double position = power + Math.Log10(factor);
                if (position >= low && position <= high)
                    ticks.AddMajor(position, $"{Math.Pow(10, power) * factor:0.######}");
            }
        }
        return ticks;
    }
}
