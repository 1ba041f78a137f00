using System.Text.RegularExpressions;
using Latent.Cli.Train;
using Latent.Training;
using Spectre.Console.Testing;

namespace Latent.Cli.Tests.Train;

public sealed partial class ProgressTests
{
    private static TrainingProgress At(int epoch, int step, double? best, TimeSpan? remaining, EpochResult? completed = null) =>
        new()
        {
            Epoch = epoch,
            Epochs = 3,
            Step = step,
            StepsInEpoch = 938,
            TotalStep = (epoch - 1) * 938 + step,
            TotalSteps = 3 * 938,
            Loss = 0.0301234,
            StepLoss = 0.03,
            LearningRate = 0.02,
            ImagesPerSecond = 41235,
            Elapsed = TimeSpan.FromSeconds(1.6),
            Remaining = remaining,
            BestValLoss = best,
            Completed = completed,
        };

    private static EpochResult Epoch(int epoch, double? val) => new(epoch, 0.0301234, val, 0.02, 1.5, new Dictionary<string, double>());

    private static int Drive(IProgressView view) =>
        view.Watch(progress =>
        {
            progress.Report(At(1, 5, null, null));
            progress.Report(At(1, 20, null, TimeSpan.FromSeconds(5.04)));
            progress.Report(At(1, 500, null, TimeSpan.FromSeconds(3.9)));
            progress.Report(At(1, 938, 0.0179, TimeSpan.FromSeconds(3.2), Epoch(1, 0.0179)));
            view.Say("warning: a sentence");
            progress.Report(At(2, 938, 0.0179, TimeSpan.FromSeconds(75), Epoch(2, 0.0181)));
            progress.Report(At(3, 1, 0.0179, TimeSpan.FromSeconds(1.2)));
            return 7;
        });

    [Fact]
    public void Redirected_it_is_a_line_per_epoch_and_one_with_the_time_to_the_end()
    {
        var writer = new StringWriter { NewLine = "\n" };
        Assert.Equal(7, Drive(new LineProgress(writer)));
        Assert.Equal(
            """
            steps=20/2814 eta=5.0s
            epoch=1/3 loss=0.03012 val_loss=0.01790 best=0.01790 learning_rate=0.02 images_per_second=41235 elapsed=1.6s eta=3.2s
            warning: a sentence
            epoch=2/3 loss=0.03012 val_loss=0.01810 best=0.01790 learning_rate=0.02 images_per_second=41235 elapsed=1.6s eta=75.0s

            """,
            writer.ToString()
        );
    }

    [Fact]
    public void Without_validation_there_is_no_val_loss()
    {
        var writer = new StringWriter { NewLine = "\n" };
        new LineProgress(writer).Report(At(1, 938, null, null, Epoch(1, null)));
        Assert.DoesNotContain("val_loss", writer.ToString());
        Assert.DoesNotContain("best", writer.ToString());
    }

    [Fact]
    public void On_a_terminal_finished_epochs_stay_above_the_moving_line()
    {
        var console = new TestConsole().Width(100).Interactive().EmitAnsiSequences();
        Assert.Equal(7, Drive(new LiveProgress(console)));
        var lines = Lines(console);
        Assert.Contains("2,814 steps, done in about 5.0 s", lines);
        Assert.Contains("epoch 1/3  loss 0.03012  val_loss 0.01790  best  1.5 s", lines);
        Assert.Contains("warning: a sentence", lines);
        Assert.Contains("epoch 2/3  loss 0.03012  val_loss 0.01810  1.5 s", lines);
        Assert.Contains(lines, line => line.StartsWith("epoch 3/3 ────────────  ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("━━━━━━──────  500/938  41,235 images/s", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_the_training_is_over_before_it_can_say_when_it_says_nothing_of_that()
    {
        var last = At(1, 938, null, TimeSpan.Zero) with { TotalSteps = 938 };
        var writer = new StringWriter { NewLine = "\n" };
        new LineProgress(writer).Report(last);
        Assert.Equal("", writer.ToString());
        var console = new TestConsole().Width(100).Interactive().EmitAnsiSequences();
        new LiveProgress(console).Watch(progress =>
        {
            progress.Report(last);
            return 0;
        });
        Assert.DoesNotContain("done in about", console.Output);
    }

    [Theory]
    [InlineData(40, "ETA 1.2 s")]
    [InlineData(60, "─  loss 0.03012  ETA 1.2 s")]
    [InlineData(110, "──    1/938  41,235 images/s  loss 0.03012  val_loss 0.01810  best 0.01790  ETA 1.2 s")]
    [InlineData(80, "41,235 images/s  loss 0.03012  best 0.01790  ETA 1.2 s")]
    public void The_moving_line_never_wraps(int width, string says)
    {
        var console = new TestConsole().Width(width).Interactive().EmitAnsiSequences();
        var view = new LiveProgress(console);
        view.Watch(progress =>
        {
            progress.Report(At(2, 938, 0.0179, TimeSpan.FromSeconds(75), Epoch(2, 0.0181)));
            progress.Report(At(3, 1, 0.0179, TimeSpan.FromSeconds(1.2)));
            return 0;
        });
        string last = Lines(console).Last(line => line.StartsWith("epoch 3/3", StringComparison.Ordinal));
        Assert.EndsWith(says, last);
        Assert.True(last.Length < width, last);
    }

    /// <summary>What was on the screen at some time, line by line, without colours and movements.</summary>
    private static List<string> Lines(TestConsole console) =>
        [
            .. Escape()
                .Replace(Colour().Replace(console.Output, ""), "\r")
                .Split('\r', '\n')
                .Select(line => line.TrimEnd())
                .Where(line => line.Length > 0),
        ];

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-HJKSTfhilnsu]", RegexOptions.None, 1000)]
    private static partial Regex Escape();

    [GeneratedRegex(@"\x1b\[[0-9;]*m", RegexOptions.None, 1000)]
    private static partial Regex Colour();
}
