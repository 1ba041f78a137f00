using Latent.Training;
using ScottPlot;
using SkiaSharp;

namespace Latent.Images;

public static partial class Figures
{
    private static readonly SKColor LossColor = new(0x8a, 0x93, 0x9d);
    private static readonly SKColor ValLossColor = new(0x1f, 0x6f, 0xb4);
    private static readonly SKColor BestColor = new(0xd7, 0x30, 0x27);

    /// <summary>The loss of each epoch on the training and the validation images, the best epoch marked.</summary>
    /// <param name="history">At least one epoch.</param>
    /// <param name="options"><see cref="FigureOptions.LogLoss"/> and the scale count here.</param>
    /// <param name="loss">What the loss is, for the title: "mse", "bce" or a name of its own; null where it is not known.</param>
    /// <exception cref="LatentException">There is no epoch, or an option is out of range.</exception>
    public static Figure LossCurve(IReadOnlyList<EpochResult> history, FigureOptions? options = null, string? loss = null)
    {
        options = Checked(options);
        if (history.Count == 0)
            throw new LatentException("There is no loss to draw.", "at least one epoch", "an empty history", "train for an epoch or more");
        var losses = Points(history, epoch => epoch.Loss, options.LogLoss);
        var valLosses = Points(history, epoch => epoch.ValLoss, options.LogLoss);
        var best = history.Where(epoch => epoch.ValLoss is { } v && double.IsFinite(v)).MinBy(epoch => epoch.ValLoss);
        string subtitle = best is null
            ? $"{Words.Count(history.Count, "epoch")}, without validation"
            : $"The lowest val_loss is {Numbers.Loss(best.ValLoss!.Value)}, after epoch {best.Epoch} of {history[^1].Epoch}";
        if (options.LogLoss)
            subtitle += "; the loss axis is logarithmic";
        return new Figure(
            loss is null ? "Loss of each epoch" : $"Loss of each epoch ({Words.Loss(loss)})",
            subtitle,
            980,
            430,
            options.Scale,
            (canvas, body) =>
            {
                const float key = 26;
                Key(canvas, body.Left, body.Top + 10, valLosses.Count > 0, best);
                Chart.Draw(Plot, canvas, new SKRect(body.Left, body.Top + key, body.Right, body.Bottom));
            }
        );

        Plot Plot()
        {
            var plot = Chart.Create();
            Line(plot, losses, LossColor);
            Line(plot, valLosses, ValLossColor);
            if (best is not null)
            {
                double y = options.LogLoss ? Math.Log10(best.ValLoss!.Value) : best.ValLoss!.Value;
                plot.Add.Marker(best.Epoch, y, MarkerShape.FilledCircle, 10, Chart.Color(BestColor));
            }
            plot.XLabel("epoch");
            plot.YLabel("loss");
            plot.Axes.Bottom.TickGenerator = Ticks.Epochs(history[^1].Epoch);
            Frame(plot, [.. losses, .. valLosses], options.LogLoss);
            plot.Layout.Fixed(new PixelPadding(68, 8, 46, 6));
            return plot;
        }
    }

    /// <summary>What the lines are, above the plot and not within it, where they may run.</summary>
    private static void Key(SKCanvas canvas, float x, float y, bool valLoss, EpochResult? best)
    {
        x = Entry("loss on the training images", LossColor, 18, x);
        if (valLoss)
            x = Entry("val_loss on the validation images", ValLossColor, 18, x);
        if (best is not null)
            Entry($"best epoch: {best.Epoch}", BestColor, 10, x);

        float Entry(string text, SKColor color, float width, float left)
        {
            KeyEntry(canvas, text, color, width, left, y);
            return left + KeyWidth(text, width);
        }
    }

    /// <summary>A line, or a dot where it is narrow, in the key of a chart, and what it stands for.</summary>
    private static void KeyEntry(SKCanvas canvas, string text, SKColor color, float width, float x, float y)
    {
        Ink.Swatch(canvas, SKRect.Create(x, width > 10 ? y - 1.25f : y - 5, width, width > 10 ? 2.5f : 10), color);
        Ink.Text(canvas, text, x + width + 7, y + 4.5f, 12, Ink.Strong);
    }

    /// <summary>How wide an entry of a key is, with the room to the next one.</summary>
    private static float KeyWidth(string text, float width) => width + 7 + Ink.Measure(text, 12) + 24;

    private static List<Coordinates> Points(IReadOnlyList<EpochResult> history, Func<EpochResult, double?> value, bool log) =>
        [
            .. from epoch in history
            let y = value(epoch)
            where y is { } v && double.IsFinite(v) && (!log || v > 0)
            select new Coordinates(epoch.Epoch, log ? Math.Log10(y.Value) : y.Value),
        ];

    private static void Line(Plot plot, List<Coordinates> points, SKColor color)
    {
        var line = plot.Add.Scatter(points.ToArray(), Chart.Color(color));
        line.LineWidth = 2;
        line.MarkerSize = points.Count <= 30 ? 5 : 0;
    }

    private static void Frame(Plot plot, List<Coordinates> points, bool log, double leastSide = 0.5)
    {
        if (points.Count == 0)
            return; // a training that diverged at once: an empty frame, and the subtitle says why
        double low = points.Min(p => p.Y);
        double high = points.Max(p => p.Y);
        double room = Math.Max((high - low) * 0.08, log ? 0.02 : Math.Abs(high) * 0.02);
        double bottom = log || low < 0 ? low - room : Math.Max(0, low - room);
        (double first, double last) = (points.Min(p => p.X), points.Max(p => p.X));
        double side = Math.Max(leastSide, (last - first) * 0.02);
        plot.Axes.SetLimits(first - side, last + side, bottom, high + room);
        plot.Axes.Left.TickGenerator = log
            ? Ticks.Logarithmic(bottom, high + room)
            : Ticks.Every(Ticks.Step(high + room - bottom, 7), bottom, high + room);
    }
}
