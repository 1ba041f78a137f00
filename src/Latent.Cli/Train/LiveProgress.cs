using Latent.Cli.Output;
using Latent.Training;
using Spectre.Console;

namespace Latent.Cli.Train;

/// <summary>
/// For a person at a terminal: a bar for the epoch with the pace, the losses and the remaining time, redrawn a few times a second on the
/// training's own thread; a line for each finished epoch stays above it.
/// </summary>
internal sealed class LiveProgress(IAnsiConsole console) : IProgressView, IProgress<TrainingProgress>
{
    private const int Bar = 12;
    private LiveDisplayContext? _display;
    private double? _valLoss;
    private bool _announced;

    public T Watch<T>(Func<IProgress<TrainingProgress>, T> train)
    {
        T? result = default;
        console
            .Live(new Text("preparing"))
            .AutoClear(true)
            .Start(display =>
            {
                _display = display;
                display.Refresh();
                result = train(this);
            });
        _display = null;
        return result!;
    }

    public void Say(string message) => Above(new Paragraph(message));

    public void Report(TrainingProgress value)
    {
        if (!_announced && value.Remaining is { } remaining && value.TotalStep < value.TotalSteps)
        {
            _announced = true;
            Above(
                new Paragraph(
                    $"{value.TotalSteps:N0} steps, done in about {Numbers.Time(remaining)}",
                    new Style(decoration: Decoration.Dim)
                )
            );
        }
        if (value.Completed is { } epoch)
        {
            _valLoss = epoch.ValLoss;
            Above(Line(epoch, value));
        }
        _display?.UpdateTarget(Status(value));
    }

    /// <summary>The line that stays.</summary>
    private static Paragraph Line(EpochResult epoch, TrainingProgress progress)
    {
        int digits = $"{progress.Epochs}".Length;
        var line = new Paragraph()
            .Append("epoch ")
            .Append($"{epoch.Epoch.ToString().PadLeft(digits)}/{progress.Epochs}", new Style(Color.Teal))
            .Append($"  loss {Numbers.Loss(epoch.Loss)}");
        if (epoch.ValLoss is { } val)
        {
            line.Append($"  val_loss {Numbers.Loss(val)}");
            if (val <= progress.BestValLoss)
                line.Append("  best", new Style(Color.Green));
        }
        return line.Append($"  {Numbers.Time(TimeSpan.FromSeconds(epoch.Seconds))}", new Style(decoration: Decoration.Dim));
    }

    /// <summary>The line that moves. What does not fit the terminal's width is left out, the least important first.</summary>
    private Paragraph Status(TrainingProgress p)
    {
        string epoch = $"epoch {p.Epoch}/{p.Epochs} ";
        (string Text, int Rank)[] parts =
        [
            ($"{p.Step.ToString().PadLeft($"{p.StepsInEpoch}".Length)}/{p.StepsInEpoch}", 5),
            (p.ImagesPerSecond > 0 ? $"{p.ImagesPerSecond:N0} images/s" : "", 3),
            ($"loss {Numbers.Loss(p.Loss)}", 1),
            (_valLoss is { } val ? $"val_loss {Numbers.Loss(val)}" : "", 4),
            (p.BestValLoss is { } best ? $"best {Numbers.Loss(best)}" : "", 2),
            (p.Remaining is { } eta ? $"ETA {Numbers.Time(eta)}" : "", 0),
        ];
        int room = console.Profile.Width - 1 - epoch.Length - Bar;
        var chosen = new HashSet<int>();
        foreach (int i in Enumerable.Range(0, parts.Length).OrderBy(i => parts[i].Rank))
            if (parts[i].Text.Length > 0 && (room -= parts[i].Text.Length + 2) >= 0)
                chosen.Add(i);
        int full = p.StepsInEpoch > 0 ? (int)((long)Bar * p.Step / p.StepsInEpoch) : 0;
        return new Paragraph()
            .Append(epoch)
            .Append(new string('━', full), new Style(Color.Teal))
            .Append(new string('─', Bar - full), new Style(Color.Grey))
            .Append("  " + string.Join("  ", Enumerable.Range(0, parts.Length).Where(chosen.Contains).Select(i => parts[i].Text)));
    }

    /// <summary>
    /// Writes a line above the moving one: line and line break at once, since each write draws the moving line again, and as long as that line
    /// can be, since nothing else erases it.
    /// </summary>
    private void Above(Paragraph line) =>
        console.Write(new Rows(line.Append(new string(' ', Math.Max(0, console.Profile.Width - 1 - line.Length)))));
}
