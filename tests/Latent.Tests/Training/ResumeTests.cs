using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Networks;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Tests.Training;

/// <summary>A training that was interrupted and goes on is held, to the bit, against one that never was.</summary>
public sealed class ResumeTests : IDisposable
{
    private const int Images = 100,
        Batch = 32, // 4 steps an epoch, the last one smaller
        Epochs = 3,
        Steps = 12;

    private static readonly ImageSet s_train = SmallMnist.Tiny(SmallMnist.Train(Images)),
        s_test = SmallMnist.Tiny(SmallMnist.Test(40));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Options by what is special about them. A fresh set each time: callbacks have a memory.</summary>
    private static readonly Dictionary<string, Func<string, TrainingOptions>> s_cases = new(StringComparer.Ordinal)
    {
        ["rmsprop"] = _ => Options(new RMSprop()),
        ["rmsprop momentum"] = _ => Options(new RMSprop(Momentum: 0.9f)),
        ["rmsprop centered"] = _ => Options(new RMSprop(Momentum: 0.5f, Centered: true)),
        ["adam"] = _ => Options(new Adam()),
        ["adamw"] = _ => Options(new AdamW()),
        ["sgd"] = _ => Options(new SGD(0.1f) { ClipValue = 1e-4f, WeightDecay = 0.01f }),
        ["sgd momentum"] = _ => Options(new SGD(0.1f, 0.9f, Nesterov: true) { ClipNorm = 1e-2f }),
        ["adam amsgrad"] = _ => Options(new Adam(AmsGrad: true) { GlobalClipNorm = 1e-2f }),
        ["adam average"] = _ =>
            Options(
                new Adam
                {
                    UseEma = true,
                    EmaMomentum = 0.8f,
                    EmaOverwriteFrequency = 5,
                }
            ),
        ["nadam"] = _ => Options(new Nadam()),
        ["lion"] = _ => Options(new Lion(1e-4f)),
        ["muon average"] = _ => Options(new Muon { UseEma = true }) with { KeepBest = false },
        ["muon"] = _ => Options(new Muon()),
        ["constant, warm-up"] = _ => Options(schedule: new ConstantSchedule(WarmUp: 7)),
        ["cosine"] = _ => Options(schedule: new CosineSchedule(WarmUp: 2, Floor: 0.1)),
        ["linear"] = _ => Options(schedule: new LinearSchedule(WarmUp: 3, Hold: 0.4) { WarmUpPart = 0.2 }),
        ["one-cycle"] = _ => Options(schedule: new OneCycleSchedule(WarmUp: 1)),
        ["exponential"] = _ => Options(schedule: new ExponentialDecay(2e-3, 3, 0.5, Staircase: true)),
        ["inverse time"] = _ => Options(schedule: new InverseTimeDecay(2e-3, 3, 0.5)),
        ["piecewise constant"] = _ => Options(schedule: new PiecewiseConstantDecay([1, 6], [1e-3, 2e-3, 5e-4])),
        ["polynomial"] = _ => Options(schedule: new PolynomialDecay(2e-3, 5, Power: 2, Cycle: true)),
        ["cosine decay"] = _ => Options(new Muon(), new CosineDecay(0, 9, 0.1, WarmUpTarget: 0.02, WarmUpSteps: 2)),
        ["cosine restarts"] = _ => Options(schedule: new CosineDecayRestarts(2e-3, 2, 1.5, 0.9, 0.05)),
        ["cross-entropy"] = _ => Options() with { Loss = new BinaryCrossentropy() },
        ["article's network"] = _ => Options(),
        ["every layer"] = _ => Options(new Adam()),
        ["normalization, noise, dropout"] = _ => Options(new Adam()),
        ["normalization, averages validated"] = folder =>
            Options(
                new Adam
                {
                    UseEma = true,
                    EmaMomentum = 0.8f,
                    EmaOverwriteFrequency = 5,
                },
                null,
                new SwapEMAWeights(),
                new ModelCheckpoint(Path.Combine(folder, "{epoch}.safetensors"))
            ),
        ["metrics"] = _ =>
            Options(
                callbacks: new EarlyStopping(0)
                {
                    Monitor = "val_psnr",
                    Mode = MonitorMode.Max,
                    MinDelta = 30,
                }
            ) with
            {
                Metrics = ["mae", "psnr"],
            },
        ["noise"] = _ => Options() with { Noise = new GaussianInputNoise(0.4f), Metrics = ["psnr"] },
        ["noise and augmentation"] = _ =>
            Options() with
            {
                Noise = new MaskNoise(3, 2),
                Augmentation = new()
                {
                    Flip = Flip.Both,
                    Shift = 2,
                    Brightness = 0.1f,
                    Noise = 0.05f,
                },
            },
        ["not shuffled"] = _ => Options() with { Shuffle = false },
        ["remainder dropped"] = _ => Options() with { DropRemainder = true, ValidationDropRemainder = true },
        ["so many steps"] = _ => Options() with { Steps = 11 },
        ["last weights"] = _ => Options() with { KeepBest = false, Calibrate = false },
        ["threads"] = _ => Options() with { Threads = 1 },
        ["early stopping"] = _ => Options(callbacks: new EarlyStopping(Patience: 0) { MinDelta = 1, RestoreBestWeights = true }),
        ["early stopping, baseline"] = _ =>
            Options(
                callbacks: new EarlyStopping(1)
                {
                    Monitor = "loss",
                    Mode = MonitorMode.Max,
                    Baseline = double.NegativeInfinity,
                    StartFromEpoch = 1,
                }
            ),
        ["checkpoint"] = folder => Options(callbacks: new ModelCheckpoint(Path.Combine(folder, "{epoch:02d}.safetensors"))),
        ["best checkpoint"] = folder =>
            Options(
                callbacks: new ModelCheckpoint(Path.Combine(folder, "best.safetensors"))
                {
                    SaveBestOnly = true,
                    SaveWeightsOnly = true,
                    InitialValueThreshold = 1,
                }
            ),
        ["checkpoint of batches"] = folder =>
            Options(
                callbacks: new ModelCheckpoint(Path.Combine(folder, "{epoch}-{batch:02d}.safetensors"))
                {
                    SaveFrequency = 3,
                    SaveWeightsOnly = true,
                }
            ),
        ["plateau"] = _ =>
            Options(
                new Muon(),
                new CosineSchedule(),
                new ReduceLROnPlateau(0.3, 1)
                {
                    MinDelta = 1,
                    Cooldown = 1,
                    MinLearningRate = 1e-4,
                }
            ),
        ["scheduler"] = _ => Options(callbacks: new LearningRateScheduler((epoch, rate) => epoch == 0 ? 2e-3 : rate / 3)),
        ["averages validated"] = folder =>
            Options(
                new Adam { UseEma = true, EmaMomentum = 0.8f },
                null,
                new SwapEMAWeights(),
                new EarlyStopping(5) { RestoreBestWeights = true }
            ),
        ["averages validated and saved"] = folder =>
            Options(
                new RMSprop { UseEma = true, EmaMomentum = 0.8f },
                null,
                new SwapEMAWeights(SwapOnEpoch: true),
                new ModelCheckpoint(Path.Combine(folder, "{epoch}.safetensors"))
            ),
        ["event files"] = folder =>
            Options(
                callbacks: new TensorBoard(Path.Combine(folder, "logs"))
                {
                    HistogramFrequency = 2,
                    UpdateFrequency = 3,
                    Images = 2,
                }
            ),
        ["log"] = folder => Options(callbacks: new CSVLogger(Path.Combine(folder, "log.csv"))),
        ["appended log"] = folder => Options(callbacks: new CSVLogger(Path.Combine(folder, "log.csv")) { Separator = ";", Append = true }),
        ["diverges"] = _ => Options(new RMSprop(LearningRate: float.MaxValue), callbacks: new TerminateOnNaN()),
        ["one of one's own"] = _ => Options(callbacks: new Counter()),
        ["functions"] = _ => Options(callbacks: new LambdaCallback { EpochEnd = c => c.Logs["epoch squared"] = c.Epoch * c.Epoch }),
        ["metrics of any name"] = _ =>
            Options(
                callbacks: new LambdaCallback
                {
                    EpochEnd = c =>
                        (c.Logs["a, \"b\"\nc"], c.Logs["learning_rate"], c.Logs["seconds"]) = (c.Epoch + 1 / 3.0, 7, double.NaN),
                }
            ),
        ["weights held after each epoch"] = _ =>
            Options(
                callbacks: new LambdaCallback
                {
                    EpochEnd = c =>
                    {
                        foreach (ref float weight in c.Model.Weights.Values)
                            weight = Math.Clamp(weight, -0.05f, 0.05f);
                        c.Model.Weights.Touch();
                    },
                }
            ),
        ["stopped in an epoch"] = _ => Options(callbacks: new LambdaCallback { BatchEnd = c => c.StopTraining |= c.Step == 6 }),
        ["everything"] = folder =>
            Options(
                new Muon { UseEma = true, EmaMomentum = 0.7f },
                new CosineSchedule(WarmUp: 2),
                new TerminateOnNaN(),
                new SwapEMAWeights(),
                new EarlyStopping(2) { RestoreBestWeights = true },
                new ModelCheckpoint(Path.Combine(folder, "best.safetensors")) { SaveBestOnly = true },
                new CSVLogger(Path.Combine(folder, "log.csv")),
                new Counter()
            ),
    };

    /// <summary>The network and the images of a case: small ones, but for those that are about the network.</summary>
    private static (Func<Autoencoder> Model, ImageSet Train, ImageSet Test) Setting(string name) =>
        name switch
        {
            "article's network" => (() => SmallMnist.Model(2), SmallMnist.Train(Images), SmallMnist.Test(40)),
            "every layer" => (() => EveryPart.Layers(2), SmallMnist.Train(Images), SmallMnist.Test(40)),
            "everything" => (() => SmallMnist.TinyModel(withTraining: true), s_train, s_test),
            _ => (() => SmallMnist.TinyModel(withTraining: name.StartsWith("normalization", StringComparison.Ordinal)), s_train, s_test),
        };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Stopped_at_any_step_it_ends_with_the_same_bits(string name)
    {
        var whole = Whole(name);
        foreach (int stop in Moments(name))
            AssertSame(whole, Stopped(name, $"stopped-{stop}", stop));
        if (name != "diverges") // a model of the steps before stays where the whole training has none
            AssertSame(whole, Stopped(name, "stopped-again-and-again", 0, 1, 5, 11));
    }

    /// <summary>As after a kill: the last save is behind what was done, files of a later moment may lie beside it.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Broken_off_at_any_step_it_ends_with_the_same_bits(string name)
    {
        var whole = Whole(name);
        foreach (int step in Moments(name))
            AssertSame(whole, BrokenOff(name, $"broken-{step}", step));
        AssertSame(whole, BrokenOff(name, "broken-again-and-again", 2, 8, 9));
    }

    [Fact]
    public void The_options_come_back_from_the_run()
    {
        foreach (var (name, make) in s_cases)
        {
            string folder = _folder[name];
            var run = RunFolder.Create(Path.Combine(folder, "run"));
            var options = make(folder);
            Interrupted(run, options, stop: 2);
            using var saved = SavedTraining.Open(run.Path);
            Assert.Equal(name == "diverges" ? (1, 0, 2L) : (0, 2, 2L), (saved.History.Count, saved.StepsInEpoch, saved.Steps));
            if (options.Callbacks.Any(c => c is Counter or LambdaCallback or LearningRateScheduler))
            {
                string message = Assert.Throws<LatentException>(saved.ReadOptions).Message;
                Assert.Contains("the callback ", message);
                Assert.Contains("Trainer.Resume(run, train, validation, options)", message);
                continue;
            }
            Assert.Equal(OptionsJson.Write(options).ToJsonString(), OptionsJson.Write(saved.ReadOptions()).ToJsonString());
        }
    }

    [Fact]
    public void Without_options_it_goes_on_with_those_of_the_run()
    {
        var whole = Whole("early stopping");
        var run = RunFolder.Create(_folder["run/run"]);
        Interrupted(run, s_cases["early stopping"](_folder["run"]), stop: 3);
        var (model, result) = Trainer.Resume(run.Path, s_train, s_test, cancellation: Cancellation);
        Assert.Equal(Bits(whole.Result), Bits(result));
        Assert.True(whole.Model.Weights.Values.SequenceEqual(model.Weights.Values));
    }

    [Fact]
    public void A_training_that_has_ended_gives_its_end_again()
    {
        var whole = Whole("everything");
        var again = Trainer.Resume(
            Path.Combine(whole.Folder, "run"),
            s_train,
            s_test,
            Recorded(RunFolder.Open(Path.Combine(whole.Folder, "run")), s_cases["everything"](whole.Folder), new Probe()),
            cancellation: Cancellation
        );
        AssertSame(whole, new(again.Model, again.Result, whole.Folder));
    }

    [Fact]
    public void Changed_options_are_named_and_refused()
    {
        var run = RunFolder.Create(_folder["run/run"]);
        Interrupted(run, s_cases["early stopping"](_folder["run"]), stop: 3);
        var changed = Options(new Muon(AdamRate: 0.5f), new LinearSchedule(), new EarlyStopping(3) { RestoreBestWeights = true }) with
        {
            BatchSize = 16,
            Seed = 9,
            Shuffle = false,
            Loss = new BinaryCrossentropy(),
            Threads = 2,
        };
        string message = Refused(run, changed);
        foreach (
            string line in (string[])
                [
                    "optimizer.name: rmsprop in the run, muon asked for",
                    "optimizer.adam_rate: nothing in the run, 0.5 asked for",
                    "schedule.name: constant in the run, linear asked for",
                    "callback 1, EarlyStopping.patience: 0 in the run, 3 asked for",
                    "callback 1, EarlyStopping.min_delta: 1 in the run, 0 asked for",
                    "batch_size: 32 in the run, 16 asked for",
                    "seed: 5 in the run, 9 asked for",
                    "shuffle: true in the run, false asked for",
                    "loss: mse in the run, bce asked for",
                ]
        )
            Assert.Contains($"- {line}", message);
        Assert.DoesNotContain("threads", message);
        Assert.DoesNotContain("restore_best_weights", message);
    }

    [Fact]
    public void Callbacks_in_another_order_are_refused()
    {
        var run = RunFolder.Create(_folder["run/run"]);
        Interrupted(run, Options(callbacks: [new EarlyStopping(1) { MinDelta = 10 }, new TerminateOnNaN()]), stop: 3);
        string message = Refused(run, Options(callbacks: [new TerminateOnNaN(), new EarlyStopping(1) { MinDelta = 10 }]));
        Assert.Contains("callback 1, TerminateOnNaN: nothing in the run, there asked for", message);
        Assert.Contains("callback 2, TerminateOnNaN: there in the run, nothing asked for", message);
    }

    [Fact]
    public void A_new_training_does_not_write_over_an_earlier_one()
    {
        var run = RunFolder.Create(_folder["run"]);
        Interrupted(run, Options(), stop: 6);
        byte[] before = File.ReadAllBytes(run.StatePath);
        string message = Assert
            .Throws<LatentException>(() =>
                SmallMnist.TinyModel().Fit(s_train, s_test, Recorded(RunFolder.Open(run.Path), Options()), cancellation: Cancellation)
            )
            .Message;
        Assert.Contains("holds a training already", message);
        Assert.Contains("Trainer.Resume", message);
        Assert.Equal(before, File.ReadAllBytes(run.StatePath));
    }

    [Fact]
    public void What_was_let_go_of_does_not_go_on()
    {
        var run = RunFolder.Create(_folder["run"]);
        Interrupted(run, Options(), stop: 6);
        var saved = SavedTraining.Open(run.Path);
        saved.Dispose();
        Assert.Throws<ObjectDisposedException>(() => saved.Resume(s_train, s_test, cancellation: Cancellation));
    }

    [Fact]
    public void Other_images_are_refused()
    {
        var run = RunFolder.Create(_folder["run/run"]);
        Interrupted(run, Options(), stop: 3);
        string message = Assert
            .Throws<LatentException>(() => Trainer.Resume(run.Path, s_train.Take(Images - 1), null, cancellation: Cancellation))
            .Message;
        Assert.Contains("the images (train): checksum", message);
        Assert.Contains("the images (validation): checksum", message);
        Assert.Contains("none given", message);
    }

    [Fact]
    public void It_may_grow_where_the_schedule_does_not_depend_on_the_length()
    {
        foreach (bool ended in (bool[])[false, true])
        {
            string folder = _folder[$"grown-{ended}"];
            var run = RunFolder.Create(Path.Combine(folder, "run"));
            if (ended)
                SmallMnist.TinyModel().Fit(s_train, s_test, Recorded(run, Options()), cancellation: Cancellation);
            else
                Interrupted(run, Options(), stop: 6);
            var longer = Options() with { Epochs = 5 };
            var (model, result) = Trainer.Resume(run.Path, s_train, s_test, longer, cancellation: Cancellation);
            Assert.Equal(5, result.History.Count);
            var never = SmallMnist.TinyModel();
            var expected = never.Fit(s_train, s_test, longer, cancellation: Cancellation);
            Assert.Equal(Bits(expected), Bits(result));
            Assert.True(never.Weights.Values.SequenceEqual(model.Weights.Values));
        }
    }

    [Fact]
    public void What_has_grown_stays_so_when_it_is_killed_before_the_next_save()
    {
        var run = RunFolder.Create(_folder["run"]);
        SmallMnist.TinyModel().Fit(s_train, s_test, Recorded(run, Options()), cancellation: Cancellation);
        var longer = Options() with { Epochs = 5 };
        Assert.Throws<BrokenOffException>(() => Trainer.Resume(run.Path, s_train, s_test, longer, new Breaking(), Cancellation));
        Assert.Equal(5, Trainer.Resume(run.Path, s_train, s_test, cancellation: Cancellation).Result.History.Count);
    }

    private sealed class Breaking : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => throw new BrokenOffException();
    }

    [Theory]
    [InlineData("linear", 4, "epochs: 3 in the run, 4 asked for; the schedule 'linear' depends on the length: step 1 would")]
    [InlineData("rmsprop", 2, "epochs: 3 in the run, 2 asked for; it may only grow")]
    public void Else_it_keeps_its_length(string name, int epochs, string expected)
    {
        var run = RunFolder.Create(_folder["run/run"]);
        Interrupted(run, s_cases[name](_folder["run"]), stop: 6);
        Assert.Contains(expected, Refused(run, s_cases[name](_folder["run"]) with { Epochs = epochs }));
    }

    [Fact]
    public void An_epoch_that_was_cut_short_is_the_last_one()
    {
        var run = RunFolder.Create(_folder["run/run"]);
        var options = Options() with { Steps = 6 };
        SmallMnist.TinyModel().Fit(s_train, s_test, Recorded(run, options), cancellation: Cancellation);
        Assert.Contains("the last epoch ended before its images did", Refused(run, options with { Steps = 9 }));
    }

    [Fact]
    public void What_early_stopping_has_ended_stays_ended()
    {
        var whole = Whole("early stopping");
        Assert.Equal(StopReason.Early, whole.Result.Stopped);
        var options = Recorded(RunFolder.Open(Path.Combine(whole.Folder, "run")), s_cases["early stopping"](whole.Folder), new Probe());
        options = options with { Epochs = 50 };
        var again = Trainer.Resume(Path.Combine(whole.Folder, "run"), s_train, s_test, options, cancellation: Cancellation);
        Assert.Equal((StopReason.Early, whole.Result.History.Count), (again.Result.Stopped, again.Result.History.Count));
    }

    [Fact]
    public void Targets_are_asked_for_and_compared()
    {
        var run = RunFolder.Create(_folder["run/run"]);
        var options = Options() with { Targets = s_train.Rounded(), ValidationTargets = s_test.Rounded() };
        Interrupted(run, options, stop: 5);
        using (var saved = SavedTraining.Open(run.Path))
            Assert.Contains("the targets (", Assert.Throws<LatentException>(saved.ReadOptions).Message);
        Assert.Contains("the images (targets)", Refused(run, options with { Targets = s_train }));
        var (model, result) = Trainer.Resume(run.Path, s_train, s_test, options, cancellation: Cancellation);
        var never = SmallMnist.TinyModel();
        var expected = never.Fit(s_train, s_test, options, cancellation: Cancellation);
        Assert.Equal(Bits(expected), Bits(result));
        Assert.True(never.Weights.Values.SequenceEqual(model.Weights.Values));
    }

    [Fact]
    public void Another_network_of_ones_own_goes_on_too()
    {
        var encoder = new Network("encoder", s_train.Shape, new Flatten(), new Dense(20, Activation.Relu), new Dense(3));
        var decoder = new Network("decoder", Shape.Vector(3), new Dense(64, Activation.Sigmoid), new Reshape(s_train.Shape));
        var never = new Autoencoder(encoder, decoder, seed: 4);
        var model = new Autoencoder(encoder, decoder, seed: 4);
        never.Fit(s_train, s_test, Options(), cancellation: Cancellation);
        var run = RunFolder.Create(_folder["run"]);
        Interrupted(run, Options(), stop: 7, model);
        var resumed = Trainer.Resume(run.Path, s_train, s_test, cancellation: Cancellation);
        Assert.Equal(encoder, resumed.Model.Encoder);
        Assert.True(never.Weights.Values.SequenceEqual(resumed.Model.Weights.Values));
    }

    [Fact]
    public void Time_is_the_sum_of_all_parts()
    {
        var run = RunFolder.Create(_folder["run"]);
        Interrupted(run, Options(), stop: 7);
        double before = run.ReadInfo().Seconds;
        using var saved = SavedTraining.Open(run.Path);
        var seen = new Reports();
        var result = saved.Resume(s_train, s_test, null, seen, Cancellation);
        Assert.All(seen, report => Assert.True(report.Elapsed.TotalSeconds > 0));
        Assert.Equal((2, 4, 8L), (seen[^1].Epochs - 1, seen[^1].StepsInEpoch, seen[^1].TotalSteps - 4));
        Assert.True(result.Seconds > 0 && before > 0);
        Assert.All(result.History, epoch => Assert.True(epoch.Seconds > 0));
    }

    /// <summary>Every step for the richest case; for the others an epoch's end, beside the runs that are interrupted again and again.</summary>
    private static IEnumerable<int> Moments(string name) => name == "everything" ? Enumerable.Range(0, Steps + 1) : [4];

    private sealed record Outcome(Autoencoder Model, TrainingResult Result, string Folder);

    /// <summary>Remembers on its own how often it was called, and shows it in the logs.</summary>
    private sealed class Counter : Callback
    {
        private long _epochs,
            _batches;

        public override void OnTrainBegin(TrainingContext context) => (_epochs, _batches) = (0, 0);

        public override void OnEpochBegin(TrainingContext context)
        {
            _epochs++;
            context.Logs["begun"] = _epochs;
        }

        public override void OnBatchEnd(TrainingContext context) => _batches++;

        public override void OnEpochEnd(TrainingContext context) => context.Logs["batches"] = _batches;

        public override void SaveState(CallbackState state)
        {
            state.Set("epochs", _epochs);
            state.Set("batches", _batches);
        }

        public override void LoadState(CallbackState state, TrainingContext context) =>
            (_epochs, _batches) = (state.Whole("epochs"), state.Whole("batches"));
    }

    /// <summary>What a killed process cannot do: nothing is written any more.</summary>
    private sealed class BrokenOffException : Exception;

    private static TrainingOptions Options(Optimizer? optimizer = null, Schedule? schedule = null, params Callback[] callbacks) =>
        new()
        {
            Optimizer = optimizer ?? new RMSprop(),
            Schedule = schedule ?? new ConstantSchedule(),
            BatchSize = Batch,
            Epochs = Epochs,
            Seed = 5,
            KeepBest = true,
            Calibrate = true,
            LogSteps = true,
            Callbacks = callbacks,
        };

    private static TrainingOptions Recorded(RunFolder run, TrainingOptions options, Probe? probe = null, int every = 0) =>
        options with
        {
            Callbacks =
            [
                .. options.Callbacks,
                .. probe is null ? (Callback[])[] : [probe],
                new RunRecorder(run) { SaveEvery = Timeout.InfiniteTimeSpan, SaveEverySteps = every },
            ],
        };

    private Outcome Whole(string name)
    {
        string folder = _folder["whole"];
        var run = RunFolder.Create(Path.Combine(folder, "run"));
        var (make, train, test) = Setting(name);
        var model = make();
        var options = Recorded(run, s_cases[name](folder), new Probe());
        return new(model, model.Fit(train, test, options, cancellation: Cancellation), folder);
    }

    /// <summary>A training without a probe, stopped after some steps.</summary>
    private static void Interrupted(RunFolder run, TrainingOptions options, int stop, Autoencoder? model = null)
    {
        using var source = new CancellationTokenSource();
        model ??= SmallMnist.TinyModel();
        options = Recorded(run, options);
        using var steps = new StoppingSteps(new EngineSteps(model, s_train, s_test, options), source, stop);
        var checksums = ImageChecksums.Of(s_train, s_test, options);
        new TrainingLoop(model, steps, Images, s_test.Count, options, null, checksums, null, source.Token).Run();
    }

    private Outcome Stopped(string name, string into, params int[] stops)
    {
        string folder = _folder[into];
        var run = RunFolder.Create(Path.Combine(folder, "run"));
        foreach (int stop in stops)
        {
            using var source = new CancellationTokenSource();
            if (stop == 0)
                source.Cancel();
            var probe = new Probe
            {
                BatchEnd = c =>
                {
                    if (c.Step == stop)
                        source.Cancel();
                },
            };
            Go(name, run, Recorded(run, s_cases[name](folder), probe), stop == stops[0], source.Token);
        }
        return End(name, run, folder);
    }

    private Outcome BrokenOff(string name, string into, params int[] steps)
    {
        string folder = _folder[into];
        var run = RunFolder.Create(Path.Combine(folder, "run"));
        foreach (int step in steps)
        {
            // at the end of an epoch this is after the other callbacks have written their files and before the state is saved
            var probe = new Probe { BatchBegin = c => Break(c.Step == step), EpochEnd = c => Break(c.Step == step) };
            try
            {
                Go(name, run, Recorded(run, s_cases[name](folder), probe, every: step % 2 * 3), step == steps[0], Cancellation);
            }
            catch (BrokenOffException)
            {
                // as if killed: nothing more was written
            }
        }
        return End(name, run, folder);

        static void Break(bool now)
        {
            if (now)
                throw new BrokenOffException();
        }
    }

    private static void Go(string name, RunFolder run, TrainingOptions options, bool isFirst, CancellationToken cancellation)
    {
        var (model, train, test) = Setting(name);
        if (isFirst)
            model().Fit(train, test, options, cancellation: cancellation);
        else
            Trainer.Resume(run.Path, train, test, options, cancellation: cancellation);
    }

    private static Outcome End(string name, RunFolder run, string folder)
    {
        var options = Recorded(run, s_cases[name](folder), new Probe());
        var (_, train, test) = Setting(name);
        var (model, result) = Trainer.Resume(run.Path, train, test, options, cancellation: Cancellation);
        return new(model, result, folder);
    }

    private static void AssertSame(Outcome expected, Outcome actual)
    {
        Assert.Equal(Bits(expected.Result), Bits(actual.Result));
        Assert.True(expected.Model.Weights.Values.SequenceEqual(actual.Model.Weights.Values), $"{actual.Folder}: other weights");
        Assert.Equal(ModelInfoJson.Write(expected.Model.Info).ToJsonString(), ModelInfoJson.Write(actual.Model.Info).ToJsonString());
        string[] names = Names(expected.Folder);
        Assert.Equal(names, Names(actual.Folder));
        foreach (string name in names)
        {
            string[] files = [.. ((string[])[expected.Folder, actual.Folder]).Select(folder => Path.Combine(folder, name))];
            if (Path.GetFileName(name) == "state.safetensors")
                Assert.Equal(Numbers(files[0]), Numbers(files[1]));
            else if (name.Contains("tfevents", StringComparison.Ordinal))
                Assert.Equal(EventFile.WithoutTimes(files[0]), EventFile.WithoutTimes(files[1]));
            else if (Path.GetFileName(name) is not ("run.json" or "history.csv")) // these have the time in them
                Assert.True(File.ReadAllBytes(files[0]).AsSpan().SequenceEqual(File.ReadAllBytes(files[1])), $"{files[1]} is another");
        }

        static string[] Names(string folder) =>
            [
                .. Directory
                    .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(folder, file))
                    .Order(StringComparer.Ordinal),
            ];

        static string Numbers(string file)
        {
            var content = SafeTensors.Read(file);
            return string.Join(
                '\n',
                content
                    .Tensors.Where(t => !t.Key.StartsWith("text/", StringComparison.Ordinal)) // these name files of the folder
                    .OrderBy(t => t.Key, StringComparer.Ordinal)
                    .Select(t => $"{t.Key} {Convert.ToHexString(t.Value.Data.Span)}")
            );
        }
    }

    /// <summary>All of a result but the time.</summary>
    private static string Bits(TrainingResult result) =>
        string.Join(
            '\n',
            [
                $"{result.Stopped} {result.Steps} steps, best {result.BestEpoch} {result.BestValLoss:R}, calibrated {result.Calibrated}",
                .. result.History.Select(e =>
                    $"{e.Epoch} {e.Loss:R} {e.ValLoss:R} {e.LearningRate:R} {string.Join(' ', e.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal))}"
                ),
                .. result.StepLosses.Select(loss => $"{loss:R}"),
                .. result.Warnings,
            ]
        );

    private static string Refused(RunFolder run, TrainingOptions options) =>
        Assert.Throws<LatentException>(() => Trainer.Resume(run.Path, s_train, s_test, options, cancellation: Cancellation)).Message;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Acts at a moment of the training. Of one's own, so its place among the callbacks is all that is compared.</summary>
    private sealed class Probe : Callback
    {
        public Action<TrainingContext>? BatchBegin { get; init; }

        public Action<TrainingContext>? BatchEnd { get; init; }

        public Action<TrainingContext>? EpochEnd { get; init; }

        public override void OnBatchBegin(TrainingContext context) => BatchBegin?.Invoke(context);

        public override void OnBatchEnd(TrainingContext context) => BatchEnd?.Invoke(context);

        public override void OnEpochEnd(TrainingContext context) => EpochEnd?.Invoke(context);
    }
}
