using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Tests.Training;

/// <summary>Real, short trainings on MNIST.</summary>
public sealed class TrainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_few_steps_make_the_loss_smaller()
    {
        var model = SmallMnist.Model();
        var result = Fit(
            model,
            1280,
            256,
            new()
            {
                Optimizer = new RMSprop(1e-3f),
                BatchSize = 64,
                Epochs = 2,
            }
        );
        Assert.True(result.History[1].ValLoss < 0.9 * result.History[0].Loss, $"{result.History[1]}");
        Assert.Equal(model.Evaluate(SmallMnist.Test(256)), result.History[1].ValLoss!.Value, 9);
        Assert.Equal(("mnist", "mse", 2), (model.Info.DataSet, model.Info.Loss, model.Info.Epoch));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_with_any_number_of_threads()
    {
        float[] Train(int threads, long seed)
        {
            var model = SmallMnist.Model();
            Fit(model, 300, 64, Recipes.Fast(10) with { Epochs = 2, Threads = threads, Seed = seed });
            return model.Weights.Values.ToArray();
        }
        float[] one = Train(1, seed: 5);
        Assert.True(one.AsSpan().SequenceEqual(Train(3, seed: 5)));
        Assert.False(one.AsSpan().SequenceEqual(Train(1, seed: 6)));
    }

    [Theory]
    [InlineData("article")]
    [InlineData("fast")]
    [InlineData("best")]
    public void A_recipe_holds_for_a_handful_of_images_and_any_network(string recipe)
    {
        var pixels = new byte[5 * 9 * 6 * 3];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i * 37);
        var images = ImageSet.FromPixels(pixels, 5, 9, 6, channels: 3);
        var model = new Autoencoder(
            new Network(
                "encoder",
                images.Shape,
                new Conv2D(4, 3, 2, Padding.Same, Activation.Relu),
                new Flatten(),
                new Dense(3, Activation.Relu)
            ),
            new Network("decoder", Shape.Vector(3), new Dense(9 * 6 * 3, Activation.Sigmoid), new Reshape(images.Shape))
        );
        var result = model.Fit(
            images,
            validation: images,
            Recipes.ByName(recipe, 3) with
            {
                Epochs = 3,
            },
            cancellation: TestContext.Current.CancellationToken
        );
        Assert.Equal(3, result.Steps);
        Assert.False(result.Calibrated); // the code has a ReLU
        Assert.All(result.History, e => Assert.True(double.IsFinite(e.ValLoss!.Value)));
    }

    [Fact]
    public void Targets_may_differ_from_inputs()
    {
        var train = SmallMnist.Train(256);
        var options = new TrainingOptions
        {
            Optimizer = new Adam(),
            BatchSize = 64,
            Epochs = 2,
            Targets = train.Rounded(),
            ValidationTargets = SmallMnist.Test(64).Rounded(),
        };
        var model = SmallMnist.Model();
        double toTargets = Fit(model, 256, 64, options).History[^1].ValLoss!.Value;
        Assert.NotEqual(model.Evaluate(SmallMnist.Test(64)), toTargets);
    }

    [Fact]
    public void The_articles_recipe_validates_whole_batches()
    {
        var model = SmallMnist.Model();
        var result = Fit(model, 200, 150, Recipes.Article(10) with { Epochs = 1 });
        Assert.Equal(3, result.Steps);
        Assert.Equal(model.Evaluate(SmallMnist.Test(128)), result.History[0].ValLoss!.Value, 9);
    }

    [Fact]
    public void Memory_stays_flat_over_epochs()
    {
        var allocated = new List<long>();
        var options = new TrainingOptions
        {
            BatchSize = 8,
            Epochs = 6,
            KeepBest = true,
            Threads = 1,
            Callbacks =
            [
                new EarlyStopping(Patience: 100) { RestoreBestWeights = true },
                new TerminateOnNaN(),
                new LambdaCallback { EpochEnd = _ => allocated.Add(GC.GetAllocatedBytesForCurrentThread()) },
            ],
        };
        Fit(SmallMnist.Model(), 800, 64, options);
        long[] perEpoch = [.. allocated.Zip(allocated.Skip(1), (a, b) => b - a)];
        // 100 steps each: less than 100 bytes a step, and far from an array of weights (380 kB)
        Assert.All(perEpoch[1..], bytes => Assert.InRange(bytes, 0, 10_000));
    }

    [Fact]
    public void Calibration_brings_the_codes_to_4_and_keeps_the_function()
    {
        var train = SmallMnist.Train(2000);
        var model = SmallMnist.Model();
        Fit(model, 2000, 64, Recipes.Fast(10) with { Epochs = 2, Calibrate = false });
        float[] before = model.Reconstruct(SmallMnist.Test(50));
        Assert.False(model.Info.Calibrated);
        Assert.True(Calibration.Apply(model, train));
        Assert.True(model.Info.Calibrated);
        float[] after = model.Reconstruct(SmallMnist.Test(50));
        Assert.All(before.Zip(after), pair => Assert.Equal(pair.First, pair.Second, 2e-5f));
        float[] codes = model.Encode(train);
        for (int j = 0; j < 10; j++)
        {
            float[] column = [.. codes.Where((_, i) => i % 10 == j).Order()];
            Assert.Equal(-4, column[20], 0.1); // the 1st percentile of 2000 lies at 19.99
            Assert.Equal(4, column[1979], 0.1);
        }
        Assert.True(Calibration.Apply(model, train));
        Assert.All(model.Encode(train).Zip(codes), pair => Assert.Equal(pair.Second, pair.First, 1e-3f)); // a second time changes nothing
    }

    [Fact]
    public void Codes_that_are_not_linear_and_dense_are_left_alone()
    {
        var images = SmallMnist.Train(20);
        var model = new Autoencoder(
            new Network("encoder", Article.Mnist, new Flatten(), new Dense(4, Activation.Relu)),
            new Network("decoder", Shape.Vector(4), new Dense(784), new Reshape(Article.Mnist))
        );
        float[] before = model.Weights.Values.ToArray();
        Assert.False(Calibration.Apply(model, images));
        Assert.True(before.AsSpan().SequenceEqual(model.Weights.Values));
        Assert.False(model.Info.Calibrated);
    }

    [Fact]
    public void A_number_of_the_code_that_does_not_vary_is_left_alone()
    {
        var model = new Autoencoder(
            new Network("encoder", Article.Mnist, new Flatten(), new Dense(2)),
            new Network("decoder", Shape.Vector(2), new Dense(784), new Reshape(Article.Mnist))
        );
        var kernel = model.Weights["encoder/dense/kernel"];
        for (int i = 0; i < kernel.Length; i += 2)
            kernel[i] = 0;
        model.Weights["encoder/dense/bias"][0] = 7;
        model.Weights.Touch();
        Assert.True(Calibration.Apply(model, SmallMnist.Train(50)));
        Assert.Equal(7, model.Encode(SmallMnist.Train(1))[0]);
    }

    [Fact]
    public void A_run_folder_has_all_that_is_needed_afterwards()
    {
        var run = RunFolder.Create(_folder["run"]);
        var model = SmallMnist.Model();
        var data = new DataSet("mnist", SmallMnist.Train(320), SmallMnist.Test(64));
        float[]? last = null;
        var options = Recipes.Fast(10) with
        {
            Epochs = 2,
            Seed = 7,
            Callbacks =
            [
                new RunRecorder(run, RunRecorder.Describe(data)),
                new EarlyStopping(Patience: 5),
                new LambdaCallback { TrainEnd = c => last = c.Model.Weights.Values.ToArray() },
            ],
        };
        var result = Fit(model, 320, 64, options);
        string[] files = [.. Directory.EnumerateFiles(run.Path).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];
        Assert.Equal(["history.csv", "model.safetensors", "run.json", "state.safetensors"], files);
        var opened = Autoencoder.Open(run.Path);
        Assert.True(model.Weights.Values.SequenceEqual(opened.Weights.Values));
        Assert.Equal((true, "fast", result.BestEpoch), (opened.Info.Calibrated, opened.Info.Recipe, opened.Info.Epoch));
        Assert.Equal(result.History.Select(e => (e.Epoch, e.Loss, e.ValLoss)), run.ReadHistory().Select(e => (e.Epoch, e.Loss, e.ValLoss)));
        var info = RunFolder.Open(run.Path).ReadInfo();
        Assert.Equal(
            ("finished", 7L, 5762, 90177, true),
            (info.Status, info.Seed, info.EncoderParameters, info.DecoderParameters, info.Calibrated)
        );
        Assert.Equal(("mnist", data.Checksum, 320), (info.Data!.Name, info.Data.Checksum, info.Data.TrainImages));
        Assert.Equal(0.02f, info.Options["optimizer"]!["learning_rate"]!.GetValue<float>());

        // the state has the latest weights as training left them, not the calibrated ones
        var state = TrainingStateFile.Read(run.StatePath);
        Assert.True(last.AsSpan().SequenceEqual(state.Weights.Values));
        Assert.Equal((2, 10L, 10L, result.BestEpoch), (state.History.Count, state.Step, state.OptimizerSteps, state.BestEpoch));
        Assert.NotEmpty(state.Slots);
        Assert.Contains(state.Slots.Values, values => values.Any(value => value != 0));
        Assert.Equal(["EarlyStopping", "LambdaCallback"], state.Callbacks.Select(c => c.Name));
        Assert.Equal(result.BestValLoss, state.Callbacks[0].State.Number("best"));
    }

    [Fact]
    public void From_the_first_epoch_on_a_run_has_a_usable_model_the_best_so_far()
    {
        var run = RunFolder.Create(_folder["run"]);
        var model = FakeSteps.Model();
        double?[] curve = [0.5, 0.3, 0.4];
        var seen = new List<(float Weight, int? Epoch, string Status, int Lines)>();
        var recorder = new RunRecorder(run);
        var look = new LambdaCallback
        {
            EpochBegin = c =>
            {
                if (c.Epoch == 0)
                    return;
                var now = Autoencoder.Open(run.Path);
                seen.Add((now.Weights.Values[0], now.Info.Epoch, run.ReadInfo().Status, run.ReadHistory().Count));
            },
        };
        FakeSteps.Run(
            model,
            new(model, valLoss: e => curve[e]),
            4,
            new()
            {
                Epochs = 3,
                KeepBest = true,
                Callbacks = [recorder, look],
            }
        );
        Assert.Equal([(1f, 1, "running", 1), (2f, 2, "running", 2)], seen);
        Assert.Equal(2, Autoencoder.Open(run.Path).Info.Epoch);
        var state = TrainingStateFile.Read(run.StatePath);
        Assert.Equal((3f, 2f), (state.Weights.Values[0], state.BestWeights!.Values[0]));
    }

    [Fact]
    public void A_cancelled_run_has_a_model_and_says_so()
    {
        var run = RunFolder.Create(_folder["run"]);
        using var source = new CancellationTokenSource();
        var options = new TrainingOptions
        {
            BatchSize = 64,
            KeepBest = true,
            Callbacks =
            [
                new RunRecorder(run),
                new LambdaCallback
                {
                    BatchEnd = c =>
                    {
                        if (c.Step == 2)
                            source.Cancel();
                    },
                },
            ],
        };
        var model = SmallMnist.Model();
        var result = model.Fit(SmallMnist.Train(640), SmallMnist.Test(64), options, cancellation: source.Token);
        Assert.Equal((StopReason.Cancelled, 2L), (result.Stopped, result.Steps));
        Assert.True(model.Weights.Values.SequenceEqual(Autoencoder.Open(run.Path).Weights.Values));
        Assert.Equal(("cancelled", 0), (run.ReadInfo().Status, run.ReadHistory().Count));
    }

    [Fact]
    public void A_training_that_becomes_NaN_leaves_the_best_model()
    {
        var run = RunFolder.Create(_folder["run"]);
        var model = FakeSteps.Model();
        double?[] curve = [0.5, double.NaN];
        var options = new TrainingOptions
        {
            Epochs = 3,
            KeepBest = true,
            Callbacks = [new TerminateOnNaN(), new RunRecorder(run)],
        };
        var result = FakeSteps.Run(model, new(model, step => step == 2 ? double.NaN : 1, e => curve[e]), 4, options);
        Assert.Equal((StopReason.NotANumber, 1), (result.Stopped, result.BestEpoch));
        Assert.Equal(1, Autoencoder.Open(run.Path).Info.Epoch);
        Assert.Equal(("diverged", 0.5), (run.ReadInfo().Status, run.ReadInfo().BestValLoss));
    }

    private static TrainingResult Fit(Autoencoder model, int train, int test, TrainingOptions options) =>
        model.Fit(SmallMnist.Train(train), validation: SmallMnist.Test(test), options, cancellation: TestContext.Current.CancellationToken);
}
