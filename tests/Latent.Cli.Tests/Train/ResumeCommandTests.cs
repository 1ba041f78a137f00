using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Cli.Tests.Train;

/// <summary>latent train --resume, in this process; that killed processes go on is for <see cref="Faults.KillTests"/>.</summary>
public sealed class ResumeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data,
        _run;

    public ResumeCommandTests() => (_data, _run) = (SmallData.Mnist(_folder["digits"]), _folder["run"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_that_a_program_made_goes_on_with_its_own_callbacks()
    {
        var data = Idx.ReadFolder(_data);
        var run = RunFolder.Create(_run);
        using var source = new CancellationTokenSource();
        var recorder = new RunRecorder(run, RunRecorder.Describe(data, _data)) { SaveEvery = Timeout.InfiniteTimeSpan };
        var options = new TrainingOptions
        {
            Optimizer = new Adam(),
            Epochs = 3,
            KeepBest = true,
            Callbacks = [new EarlyStopping(5), new EarlyStopping(4) { Monitor = "loss" }, recorder],
        };
        var whole = new Autoencoder(Article.Encoder(2), Article.Decoder(2), seed: 1);
        whole.Fit(
            data.Train,
            data.Test,
            options with
            {
                Callbacks = [.. options.Callbacks.Take(2)],
            },
            null,
            TestContext.Current.CancellationToken
        );
        var stopped = new Autoencoder(Article.Encoder(2), Article.Decoder(2), seed: 1);
        stopped.Fit(data.Train, data.Test, options, new StopAfterAnEpoch(source), source.Token);
        Program.Run("train", "--resume", _run, "--no-figures").Ok();
        Assert.True(whole.Weights.Values.SequenceEqual(Autoencoder.Open(_run).Weights.Values));
    }

    [Fact]
    public void What_differs_is_named_and_nothing_else_is_said()
    {
        Program.Run("train", _data, "--out", _run, "--epochs", "2", "--no-figures").Ok();
        string error = Program.Run("train", "--resume", _run, "--batch", "32", "--seed", "3", "--patience", "2").Failed();
        Assert.Contains("- batch_size: 64 in the run, 32 asked for", error);
        Assert.Contains("- seed: 0 in the run, 3 asked for", error);
        Assert.Contains("EarlyStopping.patience: nothing in the run, 2 asked for", error);
        Assert.Contains("Fix: leave out what differs", error);
        Assert.DoesNotContain("TerminateOnNaN", error);
    }

    [Fact]
    public void Epochs_in_place_of_steps_are_a_longer_training_or_refused()
    {
        Program.Run("train", _data, "--out", _run, "--recipe", "article", "--no-drop-remainder", "--steps", "2", "--no-figures").Ok();
        Assert.Contains("the last epoch ended before its images did", Program.Run("train", "--resume", _run, "--epochs", "3").Failed());
        string longer = _folder["longer"];
        Program.Run("train", _data, "--out", longer, "--recipe", "article", "--epochs", "1", "--no-figures").Ok();
        Assert.Contains("epochs=3 ", Program.Run("train", "--resume", longer, "--epochs", "3", "--no-figures").Ok());
    }

    [Fact]
    public void A_training_that_had_ended_says_so_and_gives_its_end_again()
    {
        Program.Run("train", _data, "--out", _run, "--epochs", "1", "--no-figures").Ok();
        byte[] model = File.ReadAllBytes(Path.Combine(_run, ModelFile.FileName));
        File.Delete(Path.Combine(_run, ModelFile.FileName));
        string output = Program.Run("train", "--resume", _run, "--no-figures").Ok();
        Assert.Contains("nothing was left to train: it had finished after 1 epoch", output);
        Assert.Equal(model, File.ReadAllBytes(Path.Combine(_run, ModelFile.FileName)));
    }

    [Fact]
    public void Data_that_moved_is_asked_for_and_its_new_place_remembered()
    {
        Program.Run("train", _data, "--out", _run, "--epochs", "1", "--no-figures").Ok();
        string moved = _folder["moved"];
        Directory.Move(_data, moved);
        string error = Program.Run("train", "--resume", _run).Failed();
        Assert.Contains("The data of the run '", error);
        Assert.Contains("latent train DATA --resume ", error);
        Program.Run("train", moved, "--resume", _run, "--no-figures").Ok();
        Program.Run("train", "--resume", _run, "--no-figures").Ok();
    }

    [Fact]
    public void Other_data_is_refused()
    {
        Program.Run("train", _data, "--out", _run, "--epochs", "1", "--no-figures").Ok();
        string other = SmallData.Mnist(_folder["other"], train: 199);
        Assert.Contains("- the images (train): checksum ", Program.Run("train", other, "--resume", _run).Failed());
    }

    [Theory]
    [InlineData("--out", "elsewhere")]
    [InlineData("--init", "model.safetensors")]
    [InlineData("--overwrite", null)]
    public void What_makes_a_new_training_excludes_it(string option, string? value)
    {
        var result = Program.Run(["train", "--resume", _run, option, .. value is null ? (string[])[] : [value]]);
        Assert.Equal(2, result.Code);
        Assert.Contains($"{option} and --resume exclude each other", result.Error);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3s")]
    [InlineData("s")]
    [InlineData("1.5s")]
    [InlineData("never")]
    public void How_often_to_save_is_a_number_of_something(string every)
    {
        var result = Program.Run("train", _data, "--save-every", every);
        Assert.Equal(2, result.Code);
        Assert.Contains("--save-every expects a number of steps (500), of seconds (30s) or minutes (5m), or off", result.Error);
    }

    private sealed class StopAfterAnEpoch(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Completed is not null)
                source.Cancel();
        }
    }
}
