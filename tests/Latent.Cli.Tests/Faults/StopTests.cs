using Latent.Models;
using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Faults;

/// <summary>Every way to stop the program from outside: it ends in order or at once, and goes on to the same bits.</summary>
public sealed class StopTests(StopTests.Wholes wholes) : IClassFixture<StopTests.Wholes>, IDisposable
{
    private const int Epochs = 12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Trainings that nobody stopped, by their number of epochs.</summary>
    public sealed class Wholes : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly Lock _lock = new();

        public Wholes() => Data = SmallData.Mnist(_folder["digits"]);

        public string Data { get; }

        public string Of(int epochs, bool figures)
        {
            lock (_lock)
            {
                string run = _folder[$"whole-{epochs}-{figures}"];
                if (!Directory.Exists(run))
                    Program.Run("train", Data, "--out", run, "--epochs", $"{epochs}", figures ? "--figures" : "--no-figures").Ok();
                return run;
            }
        }

        public void Dispose() => _folder.Dispose();
    }

    [Theory]
    [InlineData((int)Signal.Interrupt)]
    [InlineData((int)Signal.Terminate)]
    [InlineData((int)Signal.Hangup)]
    public async Task A_signal_ends_the_training_in_order(int signal)
    {
        var training = await Begun(Epochs * 1000);
        using var child = training.Child;
        child.Send((Signal)signal);
        var result = await child.End();
        Assert.Equal((130, ""), (result.Code, result.Error));
        Assert.Matches("\nstopped: the model of epoch [0-9]+ is kept; to go on: latent train --resume ", result.Output);
        Assert.Contains("status=cancelled", result.Output);
        Assert.Empty(RunFiles.Temporary(training.Run));
        Assert.False(File.Exists(Path.Combine(training.Run, ".lock")));
        int best = Autoencoder.Open(training.Run).Info.Epoch!.Value;
        Assert.Contains($"best_epoch={best} ", result.Output);
    }

    /// <summary>The second one ends it at once, wherever it is.</summary>
    [Fact]
    public async Task Ctrl_C_twice_loses_nothing()
    {
        var training = await Begun(Epochs);
        using var child = training.Child;
        child.Send(Signal.Interrupt);
        child.Send(Signal.Interrupt);
        var result = await child.End();
        Assert.Contains(result.Code, (int[])[130, 0]); // on a busy machine it may have ended before
        Assert.Equal("", result.Error);
        GoesOn(training);
    }

    [Fact]
    public async Task Ctrl_C_again_while_the_pictures_are_drawn_ends_it_at_once()
    {
        for (int epochs = Epochs; ; epochs *= 2)
        {
            var training = await Begun(epochs, figures: true);
            using var child = training.Child;
            child.Send(Signal.Interrupt);
            if (!await child.Line("stopped: the model of epoch", orEnd: true))
                continue; // it came to its end before: more to do
            child.Send(Signal.Interrupt);
            var result = await child.End();
            Assert.Equal((130, ""), (result.Code, result.Error));
            GoesOn(training);
            return;
        }
    }

    [Fact]
    public async Task Killed_while_its_pictures_are_drawn_it_draws_them_when_it_goes_on()
    {
        for (int i = 0; ; i++)
        {
            string run = _folder[$"run-{i}"],
                figures = Path.Combine(run, "figures");
            using var child = Child.Latent(Command(run, Epochs, figures: true));
            while (!child.HasEnded && !(Directory.Exists(figures) && Directory.EnumerateFiles(figures, "*.png").Any()))
                await child.EndsWithin(TimeSpan.FromMilliseconds(2));
            if (!await child.Kill())
                continue; // it had drawn all of them meanwhile
            Assert.False(File.Exists(Path.Combine(run, "report.html")) && Directory.GetFiles(figures).Length < 5);
            GoesOn(new(child, run, Epochs, true));
            return;
        }
    }

    [Fact]
    public async Task A_pipe_that_is_closed_by_its_reader_costs_the_training_nothing()
    {
        string run = _folder["run"];
        using var child = Child.Shell("{ latent \"$@\"; echo \"exit code $?\" >&2; } | head -1", Command(run, Epochs));
        var result = await child.End();
        Assert.Equal("exit code 0\n", result.Error);
        Assert.Single(result.Output.TrimEnd('\n').Split('\n'));
        RunFiles.AssertSame(wholes.Of(Epochs, figures: false), run);
    }

    [Fact]
    public async Task A_terminal_that_is_closed_ends_the_training_in_order()
    {
        for (int epochs = Epochs; ; epochs *= 2)
        {
            string run = _folder[$"run-{epochs}"];
            string code = await InClosedTerminal(run, epochs, "trap : HUP"); // the shell lives on, the training is told
            if (code == "0")
                continue; // it came to its end before
            Assert.Equal("130", code);
            Assert.False(File.Exists(Path.Combine(run, ".lock")));
            GoesOn(new(null!, run, epochs, false));
            return;
        }
    }

    /// <summary>As a user starts a training that shall outlive the terminal.</summary>
    [Fact]
    public async Task Under_nohup_it_outlives_its_terminal()
    {
        string run = _folder["run"];
        Assert.Equal("0", await InClosedTerminal(run, Epochs, "trap '' HUP"));
        RunFiles.AssertSame(wholes.Of(Epochs, figures: false), run);
    }

    private sealed record Training(Child Child, string Run, int Epochs, bool Figures);

    private string[] Command(string run, int epochs, bool figures = false) =>
        ["train", wholes.Data, "--out", run, "--epochs", $"{epochs}", figures ? "--figures" : "--no-figures"];

    /// <summary>A training whose first epoch has ended.</summary>
    private async Task<Training> Begun(int epochs, bool figures = false)
    {
        string run = _folder[$"run-{epochs}"];
        var child = Child.Latent(Command(run, epochs, figures));
        await child.Line("epoch=1/");
        return new(child, run, epochs, figures);
    }

    /// <summary>
    /// Trains under a terminal of its own, which is closed after the first epoch: its other end is, as with a window or a connection, and the
    /// kernel hangs up. Gives the training's exit code, from the shell that started it.
    /// </summary>
    private async Task<string> InClosedTerminal(string run, int epochs, string trap)
    {
        SmallDisk.SkipUnless("script", "--version");
        string command = string.Join(' ', Command(run, epochs).Select(word => $"'{word}'")),
            script = $"{run}.sh",
            code = $"{run}.code",
            history = Path.Combine(run, "history.csv");
        File.WriteAllText(script, $"{trap}\ndotnet '{Child.Program}' {command}\necho $? > '{code}.new'\nmv '{code}.new' '{code}'\n");
        using var terminal = Child.Shell($"exec script -qefc 'sh \"{script}\"; true' /dev/null");
        while (!File.Exists(history) || File.ReadAllLines(history).Length < 2)
            await terminal.EndsWithin(TimeSpan.FromMilliseconds(5));
        await terminal.Kill();
        while (!File.Exists(code))
            await Task.Delay(10, TestContext.Current.CancellationToken);
        return File.ReadAllText(code).Trim();
    }

    private void GoesOn(Training training)
    {
        Program.Run("train", "--resume", training.Run, training.Figures ? "--figures" : "--no-figures").Ok();
        RunFiles.AssertSame(wholes.Of(training.Epochs, training.Figures), training.Run);
    }
}
