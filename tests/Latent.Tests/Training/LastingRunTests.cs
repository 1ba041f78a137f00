using System.Text.Json;
using System.Text.Json.Nodes;
using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Tests.Training;

/// <summary>
/// Run folders that earlier versions wrote, one for each version of the format, open for ever: see tests/runs/README.md. They are never
/// written again.
/// </summary>
public sealed class LastingRunTests : IDisposable
{
    private static readonly string s_runs = Path.Combine(Repository.Root, "tests", "runs");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Versions => [.. Directory.GetDirectories(s_runs).Select(folder => Path.GetFileName(folder))];

    [Fact]
    public void There_is_one_for_the_version_that_is_written() =>
        Assert.Contains($"version-{SafeTensors.Version}", Versions.Select(v => v.Data));

    [Theory]
    [MemberData(nameof(Versions))]
    public void It_opens_and_says_what_it_said(string version)
    {
        var (run, expected) = Copy(version);
        var info = run.ReadInfo();
        Assert.Equal("cancelled", info.Status);
        Assert.Equal(("mnist", 60000), (info.Data!.Source, info.Data.TrainImages));
        var history = run.ReadHistory();
        Assert.Equal(Numbers(expected, "val_loss"), history.Select(e => e.ValLoss!.Value));
        Assert.Equal(history.MinBy(e => e.ValLoss)!.Epoch, info.BestEpoch);
        var model = Autoencoder.Open(run.Path);
        Assert.Equal((Encoder, Decoder), (model.Encoder, model.Decoder));
        Assert.Equal(("mnist", info.BestEpoch, info.Calibrated), (model.Info.DataSet, model.Info.Epoch, model.Info.Calibrated));
        var images = SmallMnist.Test(8);
        Near(Numbers(expected, "codes"), [.. model.Encode(images).Select(x => (double)x)], 1e-5);
        Near(Numbers(expected, "losses"), model.Losses(images), 1e-6);
    }

    /// <summary>Its bits are promised within one version only: a later one may add numbers in another order.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public void It_goes_on_to_its_end(string version)
    {
        var (run, expected) = Copy(version);
        var (train, test) = Mnist.Load(Repository.Mnist);
        using (var saved = SavedTraining.Open(run.Path))
            Assert.Equal((2, 100), (saved.History.Count, saved.StepsInEpoch));
        var (model, result) = Trainer.Resume(run.Path, train, test, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((StopReason.Finished, 705L), (result.Stopped, result.Steps));
        Near(Numbers(expected, "end_val_loss"), [.. result.History.Select(e => e.ValLoss!.Value)], 2e-4);
        Near(Numbers(expected, "end_losses"), model.Losses(SmallMnist.Test(8)), 2e-3);
    }

    /// <summary>Run by hand when the version of the format has grown: writes the run of the new version, once.</summary>
    [Fact(Explicit = true)]
    public void Make_the_run_of_this_version()
    {
        string folder = Path.Combine(s_runs, $"version-{SafeTensors.Version}");
        Assert.False(Directory.Exists(folder), $"{folder} is there and stays as it is");
        var run = RunFolder.Create(folder);
        var (train, test) = Mnist.Load(Repository.Mnist);
        var model = new Autoencoder(Encoder, Decoder, seed: 3)
        {
            Info = new()
            {
                DataSet = train.Name,
                LabelNames = train.LabelNames,
                Loss = "mse",
            },
        };
        var options = new TrainingOptions
        {
            Optimizer = new AdamW(2e-3f),
            Schedule = new OneCycleSchedule(WarmUp: 10),
            BatchSize = 256,
            Epochs = 3,
            Seed = 3,
            KeepBest = true,
            Calibrate = true,
            LogSteps = true,
            Callbacks =
            [
                new TerminateOnNaN(),
                new EarlyStopping(2) { RestoreBestWeights = true },
                new RunRecorder(run, RunRecorder.Describe(new DataSet("mnist", train, test))),
            ],
        };
        using var source = new CancellationTokenSource();
        using var steps = new StoppingSteps(new EngineSteps(model, train, test, options), source, 570);
        var checksums = ImageChecksums.Of(train, test, options);
        new TrainingLoop(model, steps, train.Count, test.Count, options, null, checksums, null, source.Token).Run(() =>
            Calibration.Apply(model, train)
        );
        var images = SmallMnist.Test(8);
        var expected = new JsonObject
        {
            ["val_loss"] = Numbers(run.ReadHistory().Select(e => e.ValLoss!.Value)),
            ["codes"] = Numbers(model.Encode(images).Select(x => (double)x)),
            ["losses"] = Numbers(model.Losses(images)),
        };
        var (copy, _) = Copy($"version-{SafeTensors.Version}", withExpected: false);
        var (end, result) = Trainer.Resume(copy.Path, train, test, cancellation: TestContext.Current.CancellationToken);
        expected["end_val_loss"] = Numbers(result.History.Select(e => e.ValLoss!.Value));
        expected["end_losses"] = Numbers(end.Losses(images));
        File.WriteAllText(Path.Combine(folder, Expected), expected.ToJsonString(new() { WriteIndented = true }) + "\n");
    }

    private const string Expected = "expected.json";

    /// <summary>A network with every kind of layer that version 1 knows.</summary>
    private static Network Encoder { get; } =
        new(
            "encoder",
            new Shape(28, 28, 1),
            new Conv2D(4, 3, 2, Padding.Same, Activation.Relu),
            new Conv2D(6, 3, 1, Padding.Valid, Activation.LeakyRelu()),
            new MaxPooling2D(2),
            new Flatten(),
            new Dense(2)
        );

    private static Network Decoder { get; } =
        new(
            "decoder",
            Shape.Vector(2),
            new Dense(7 * 7 * 4, Activation.Relu),
            new Reshape(new Shape(7, 7, 4)),
            new UpSampling2D(2),
            new Conv2D(6, 3, 1, Padding.Same, Activation.Relu),
            new Conv2DTranspose(1, 3, 2, Padding.Same),
            new ActivationLayer(Activation.Sigmoid)
        );

    /// <summary>A run of a version in a folder of its own, for opening one to train on changes it.</summary>
    private (RunFolder Run, JsonElement Expected) Copy(string version, bool withExpected = true)
    {
        string from = Path.Combine(s_runs, version),
            to = Directory.CreateDirectory(_folder[version]).FullName;
        foreach (string file in Directory.GetFiles(from))
            if (Path.GetFileName(file) != Expected)
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        return (RunFolder.Open(to), withExpected ? JsonElement.Parse(File.ReadAllText(Path.Combine(from, Expected))) : default);
    }

    private static double[] Numbers(JsonElement expected, string name) =>
        [.. expected.GetProperty(name).EnumerateArray().Select(x => x.GetDouble())];

    private static JsonArray Numbers(IEnumerable<double> numbers) => [.. numbers.Select(x => (JsonNode)x)];

    private static void Near(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }
}
