using Latent.Engine;
using Latent.Models;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Tests.Training;

public sealed class TrainingStateFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunFolder _run;

    public TrainingStateFileTests()
    {
        _run = RunFolder.Create(_folder["run"]);
        SmallMnist
            .Model(2)
            .Fit(
                SmallMnist.Train(64),
                SmallMnist.Test(20),
                new()
                {
                    Optimizer = new Adam(),
                    BatchSize = 32,
                    Epochs = 2,
                    KeepBest = true,
                    LogSteps = true,
                    Callbacks = [new EarlyStopping(5), new RunRecorder(_run)],
                },
                cancellation: TestContext.Current.CancellationToken
            );
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_needs_no_other_file()
    {
        foreach (string file in (string[])[_run.ModelPath, _run.HistoryPath, _run.RunJsonPath])
            File.Delete(file);
        var (model, result) = Trainer.Resume(
            _run.Path,
            SmallMnist.Train(64),
            SmallMnist.Test(20),
            cancellation: TestContext.Current.CancellationToken
        );
        Assert.Equal((2, 4), (result.History.Count, result.StepLosses.Count));
        Assert.True(model.Weights.Values.SequenceEqual(Autoencoder.Open(_run.Path).Weights.Values));
        Assert.Equal(2, _run.ReadHistory().Count);
        Assert.Equal("finished", _run.ReadInfo().Status);
    }

    /// <summary>Every byte counts: of each region of the file some are changed, and none of it goes unnoticed.</summary>
    [Fact]
    public void A_changed_byte_is_noticed_wherever_it_is()
    {
        byte[] whole = File.ReadAllBytes(_run.StatePath);
        var random = new RandomStream(7, "damage");
        for (int i = 0; i < 120; i++)
        {
            int place = i < 60 ? (int)(random.NextDouble() * 6000) : (int)(random.NextDouble() * whole.Length);
            byte[] damaged = [.. whole];
            damaged[place] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(_run.StatePath, damaged);
            if (Tells() is not { } message) // a blank of the header that pads it, or of the version's number
                Assert.Fail($"byte {place} of {whole.Length} was changed, and nobody noticed");
            else
                Assert.Contains("cannot be resumed", message);
        }
    }

    [Fact]
    public void What_is_lost_and_what_is_not_is_said()
    {
        byte[] whole = File.ReadAllBytes(_run.StatePath);
        foreach (int length in (int[])[0, 5, 100, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(_run.StatePath, whole[..length]);
            string message = Tells()!;
            Assert.Contains("lost are the latest weights, the optimizer's memory and the place in the training", message);
            Assert.Contains("the model is whole, with the weights of epoch ", message);
            Assert.Contains($"latent train DATA --init {_run.Path}", message);
        }
        File.Delete(_run.StatePath);
        Assert.Contains("There is no file", Tells());
        File.Delete(_run.ModelPath);
        string none = Tells()!;
        Assert.Contains("there is no usable model yet", none);
        Assert.Contains("--overwrite", none);
    }

    [Fact]
    public void A_long_text_does_not_stand_in_the_header()
    {
        string log = _folder["log.csv"];
        File.WriteAllText(log, new string('x', 9_000_000) + "\n");
        var run = RunFolder.Create(_folder["long"]);
        var model = FakeSteps.Model();
        var options = new TrainingOptions { Epochs = 2, Callbacks = [new CSVLogger(log) { Append = true }, new RunRecorder(run)] };
        var result = FakeSteps.Run(model, new(model, valLoss: e => 1.0 / (e + 1)), 4, options);
        var state = TrainingStateFile.Read(run.StatePath);
        Assert.Equal(result.History.Select(e => e.ValLoss), state.History.Select(e => e.ValLoss));
        Assert.Equal(File.ReadAllText(log), state.Callbacks[0].State.Text("text"));
    }

    [Fact]
    public void A_state_from_before_resuming_is_told_apart()
    {
        SafeTensors.Write(_run.StatePath, SafeTensors.Read(_run.ModelPath).Tensors);
        Assert.Contains("a version that could not resume", Tells());
    }

    private string? Tells()
    {
        try
        {
            SavedTraining.Open(_run.Path).Dispose();
            return null;
        }
        catch (LatentException e)
        {
            return e.Message;
        }
    }
}
