using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Tests.Training;

/// <summary>What a run keeps of its epochs to look at.</summary>
public sealed class SnapshotTests : IDisposable
{
    private static readonly ImageSet s_train = SmallMnist.Tiny(SmallMnist.Train(100)),
        s_test = SmallMnist.Test(300),
        s_tiny = SmallMnist.Tiny(s_test);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_epoch_has_what_the_model_gave_then()
    {
        var run = RunFolder.Create(_folder["run"]);
        var model = SmallMnist.Model(2);
        var codes = new List<float[]>();
        var pictures = new List<float[]>();
        void Look(TrainingContext context)
        {
            codes.Add(context.Model.Encode(s_test));
            pictures.Add(context.Model.Reconstruct(s_test));
        }
        Look(new(model, new(), null, []));
        Fit(
            model,
            SmallMnist.Train(128),
            s_test,
            Options(2, new LambdaCallback { EpochEnd = Look }, new SnapshotRecorder(run), new RunRecorder(run)) with
            {
                Optimizer = new Adam(),
            }
        );
        var folder = new SnapshotFolder(run);
        Assert.Equal([0, 1, 2], folder.Epochs());
        var history = run.ReadHistory();
        foreach (int epoch in folder.Epochs())
        {
            var snapshot = folder.Read(epoch);
            Assert.Equal((epoch, false, false), (snapshot.Epoch, snapshot.IsFinal, snapshot.Calibrated));
            Assert.Equal(epoch == 0 ? null : history[epoch - 1].Loss, snapshot.Loss);
            Assert.Equal(epoch == 0 ? null : history[epoch - 1].ValLoss, snapshot.ValLoss);
            Assert.Equal(codes[epoch], snapshot.Codes.ToArray());
            Assert.Equal(Enumerable.Range(0, 300), snapshot.Indices);
            Assert.Equal(s_test.Labels, snapshot.Labels.Span);
            Assert.Equal(s_test.LabelNames, snapshot.LabelNames);
            Assert.Equal(Enumerable.Range(0, 10), snapshot.ImageIndices.Select(i => (int)s_test.Labels[i])); // one of each digit
            for (int i = 0; i < 10; i++)
            {
                int index = snapshot.ImageIndices[i];
                Assert.Equal(s_test.Image(index), snapshot.Images.Span.Slice(784 * i, 784));
                Assert.Equal(
                    pictures[epoch].AsSpan(784 * index, 784).ToArray().Select(x => (byte)Math.Floor(255 * (double)x + 0.5)),
                    snapshot.Reconstructions.Slice(784 * i, 784).ToArray()
                );
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_last_one_is_of_the_model_that_the_training_ended_with(bool keepBest)
    {
        var run = RunFolder.Create(_folder["run"]);
        var model = SmallMnist.TinyModel();
        // so fast that the best epoch is not the last
        var result = Fit(
            model,
            s_train,
            s_tiny,
            Options(4, new SnapshotRecorder(run), new RunRecorder(run)) with
            {
                Optimizer = new SGD(30f),
                KeepBest = keepBest,
                Calibrate = true,
            }
        );
        var final = new SnapshotFolder(run).ReadFinal();
        Assert.Equal((true, true, keepBest ? result.BestEpoch : 4), (final.IsFinal, final.Calibrated, final.Epoch));
        Assert.Equal(result.History[final.Epoch - 1].ValLoss, final.ValLoss);
        Assert.Equal(Autoencoder.Open(run.Path).Encode(s_tiny), final.Codes.ToArray());
        Assert.Equal(model.Encode(s_tiny), final.Codes.ToArray());
    }

    [Fact]
    public void They_change_no_bit_of_a_training()
    {
        byte[] Trained(params Callback[] callbacks)
        {
            var model = SmallMnist.TinyModel(withTraining: true);
            var options = Options(3, [new SwapEMAWeights(), .. callbacks]) with
            {
                Optimizer = new Adam { UseEma = true, EmaMomentum = 0.8f },
            };
            var result = Fit(model, s_train, s_tiny, options);
            return
            [
                .. model.Weights.Values.ToArray().Concat(result.History.Select(e => (float)e.ValLoss!)).SelectMany(BitConverter.GetBytes),
            ];
        }
        Assert.Equal(Trained(), Trained(new SnapshotRecorder(RunFolder.Create(_folder["run"]))));
    }

    [Fact]
    public void Averages_are_shown_where_they_are_validated()
    {
        var run = RunFolder.Create(_folder["run"]);
        var model = SmallMnist.TinyModel();
        Fit(
            model,
            s_train,
            s_tiny,
            Options(2, new SnapshotRecorder(run), new SwapEMAWeights()) with
            {
                Optimizer = new Adam { UseEma = true, EmaMomentum = 0.8f },
                KeepBest = false,
                Calibrate = false,
            }
        );
        var folder = new SnapshotFolder(run);
        Assert.Equal(folder.ReadFinal().Codes.ToArray(), folder.Read(2).Codes.ToArray());
    }

    /// <summary>Also within the first epoch, before which there is one already, and with files that a training ahead of its state left.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(8)]
    public void A_training_that_goes_on_has_those_of_one_that_never_stopped(int steps)
    {
        var whole = RunFolder.Create(_folder["whole"]);
        var run = RunFolder.Create(_folder["run"]);
        Fit(SmallMnist.TinyModel(), s_train, s_tiny, Options(3, new SnapshotRecorder(whole), new RunRecorder(whole)));
        using var stop = new CancellationTokenSource();
        var options = Options(3, new Stopper(steps, stop), new SnapshotRecorder(run), new RunRecorder(run));
        SmallMnist.TinyModel().Fit(s_train, s_tiny, options, cancellation: stop.Token);
        var folder = new SnapshotFolder(run);
        Assert.Equal(steps / 4, folder.Epochs()[^1]);
        Assert.True(folder.HasFinal);
        File.WriteAllText(folder.PathOf(3), "left behind");
        if (steps == 8)
            File.Delete(folder.PathOf(2)); // as where the process ended between the state and the snapshot
        Resume(run);
        string[] expected = [.. Directory.GetFiles(whole.SnapshotsPath).Order(StringComparer.Ordinal)];
        Assert.Equal(
            expected.Select(f => Path.GetFileName(f)),
            Directory.GetFiles(run.SnapshotsPath).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)
        );
        Assert.Equal(5, expected.Length);
        foreach (string file in expected)
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(run.SnapshotsPath, Path.GetFileName(file))));
    }

    [Fact]
    public void A_run_without_them_goes_on_without_and_with_them()
    {
        var run = RunFolder.Create(_folder["run"]);
        using var stop = new CancellationTokenSource();
        SmallMnist.TinyModel().Fit(s_train, s_tiny, Options(3, new Stopper(5, stop), new RunRecorder(run)), cancellation: stop.Token);
        Assert.False(Directory.Exists(run.SnapshotsPath));
        using (var saved = SavedTraining.Open(run.Path))
            saved.Check(s_train, s_tiny, Options(3, new SnapshotRecorder(run)));
        Resume(run);
        Assert.False(Directory.Exists(run.SnapshotsPath));
        Resume(run, Options(3, new SnapshotRecorder(run)));
        Assert.True(new SnapshotFolder(run).HasFinal);
    }

    [Fact]
    public void They_may_be_deleted_while_the_training_goes_on()
    {
        var run = RunFolder.Create(_folder["run"]);
        var deletes = new LambdaCallback
        {
            EpochBegin = context =>
            {
                if (context.Epoch == 1)
                    Directory.Delete(run.SnapshotsPath, recursive: true);
            },
        };
        var result = Fit(SmallMnist.TinyModel(), s_train, s_tiny, Options(3, deletes, new SnapshotRecorder(run), new RunRecorder(run)));
        Assert.Empty(result.Warnings);
        Assert.Equal([2, 3], new SnapshotFolder(run).Epochs());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_warned_of_once()
    {
        var run = RunFolder.Create(_folder["run"]);
        File.WriteAllText(run.SnapshotsPath, "in the way");
        var warnings = new List<string>();
        var options = Options(3, new SnapshotRecorder(run), new RunRecorder(run)) with { OnWarning = warnings.Add };
        var result = Fit(SmallMnist.TinyModel(), s_train, s_tiny, options);
        Assert.Equal(StopReason.Finished, result.Stopped);
        Assert.StartsWith("The snapshots in ", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Empty(result.Warnings); // the run is the same with them or without
        Assert.Empty(new SnapshotFolder(run).Epochs());
    }

    [Fact]
    public void A_training_that_diverges_has_those_of_before()
    {
        var run = RunFolder.Create(_folder["run"]);
        var options = Options(2, new SnapshotRecorder(run), new RunRecorder(run), new TerminateOnNaN()) with { Optimizer = new SGD(1e30f) };
        Assert.Equal(StopReason.NotANumber, Fit(SmallMnist.TinyModel(), s_train, s_tiny, options).Stopped);
        Assert.Equal([0], new SnapshotFolder(run).Epochs());
        Assert.False(new SnapshotFolder(run).HasFinal);
    }

    [Fact]
    public void Another_runs_snapshots_stay_where_a_training_is_refused()
    {
        var run = RunFolder.Create(_folder["run"]);
        Fit(SmallMnist.TinyModel(), s_train, s_tiny, Options(1, new SnapshotRecorder(run), new RunRecorder(run)));
        byte[] before = File.ReadAllBytes(new SnapshotFolder(run).FinalPath);
        Assert.Throws<LatentException>(() =>
            Fit(SmallMnist.TinyModel(seed: 2), s_train, s_tiny, Options(1, new SnapshotRecorder(run), new RunRecorder(run)))
        );
        Assert.Equal(before, File.ReadAllBytes(new SnapshotFolder(run).FinalPath));
        RunFolder.Create(run.Path, overwrite: true);
        Assert.False(Directory.Exists(run.SnapshotsPath));
    }

    [Fact]
    public void Nothing_is_written_without_validation_images()
    {
        var run = RunFolder.Create(_folder["run"]);
        Fit(SmallMnist.TinyModel(), s_train, null, Options(1, new SnapshotRecorder(run), new RunRecorder(run)));
        Assert.False(Directory.Exists(run.SnapshotsPath));
    }

    [Fact]
    public void Numbers_that_are_no_images_have_codes_alone()
    {
        var run = RunFolder.Create(_folder["run"]);
        var vector = Shape.Vector(6);
        var model = new Autoencoder(new("encoder", vector, [new Dense(2)]), new("decoder", Shape.Vector(2), [new Dense(6)]));
        var numbers = FloatSet.From([.. Enumerable.Range(0, 60).Select(i => i / 60f)], vector);
        Fit(model, numbers, numbers, Options(1, new SnapshotRecorder(run)));
        var final = new SnapshotFolder(run).ReadFinal();
        Assert.Equal((10, 0, 0), (final.Indices.Count, final.ImageIndices.Count, final.Images.Length));
        Assert.Equal(model.Encode(numbers), final.Codes.ToArray());
    }

    [Fact]
    public void Codes_are_spread_over_a_set_and_bounded()
    {
        var all = SmallMnist.Test(5000);
        var wide = SnapshotSamples.Of(all, SmallMnist.Model(128), SnapshotRecorder.MostCodes, SnapshotRecorder.MostImages);
        Assert.Equal(512, wide.Indices.Length);
        var samples = SnapshotSamples.Of(all, SmallMnist.Model(10), SnapshotRecorder.MostCodes, SnapshotRecorder.MostImages);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => i * 5 / 2), samples.Indices);
        Assert.Equal(all.Image(4997), ((ImageSet)samples.Inputs).Image(1999));
        Assert.Equal(all.Labels[4997], samples.Labels.Span[1999]);
    }

    /// <summary>The files of an epoch depend on it alone, not on where a training was interrupted.</summary>
    [Theory]
    [InlineData(199, 1, 200)]
    [InlineData(200, 2, 101)]
    [InlineData(399, 2, 201)]
    [InlineData(1000, 8, 126)]
    public void Of_a_long_training_some_epochs_are_kept(int epochs, int every, int count)
    {
        var folder = new SnapshotFolder(RunFolder.Create(_folder["run"]));
        Directory.CreateDirectory(folder.Path);
        for (int epoch = 0; epoch <= epochs; epoch++)
        {
            File.WriteAllText(folder.PathOf(epoch), "");
            folder.Thin(epoch, SnapshotRecorder.MostEpochs);
        }
        Assert.Equal(count, folder.Epochs().Count);
        Assert.All(folder.Epochs(), epoch => Assert.True(epoch % every == 0 || epoch == epochs));
        Assert.Equal((0, epochs), (folder.Epochs()[0], folder.Epochs()[^1]));
    }

    [Fact]
    public void A_damaged_file_is_told()
    {
        var run = RunFolder.Create(_folder["run"]);
        Fit(SmallMnist.Model(2), SmallMnist.Train(32), s_test, Options(1, new SnapshotRecorder(run)));
        var folder = new SnapshotFolder(run);
        var file = SafeTensors.Read(folder.PathOf(1));
        void Refused(string expected, Dictionary<string, Tensor>? tensors = null, params (string Key, string Value)[] texts)
        {
            var metadata = file.Metadata.ToDictionary(StringComparer.Ordinal);
            foreach (var (key, value) in texts)
                metadata[key] = value;
            var all = file.Tensors.ToDictionary(StringComparer.Ordinal);
            foreach (var (name, tensor) in tensors ?? [])
                all[name] = tensor;
            SafeTensors.Write(folder.PathOf(1), all, metadata);
            Assert.Contains(expected, Assert.Throws<LatentException>(() => folder.Read(1)).Message, StringComparison.Ordinal);
        }
        Refused("another version", texts: ("snapshot.version", "2"));
        Refused("cannot be read", texts: ("snapshot.epoch", "many"));
        Refused("cannot be read", texts: ("snapshot.label_names", "{"));
        Refused("do not fit", texts: ("snapshot.label_names", "[]"));
        Refused("another kind", new() { ["codes"] = Tensor.FromBytes([1, 2], 1, 2) });
        Refused("do not fit", new() { ["codes"] = Tensor.FromFloats([1, 2], 1, 2) });
        Refused("do not fit", new() { ["images"] = Tensor.FromBytes([1, 2], 1, 1, 2, 1) });
        File.WriteAllText(folder.PathOf(1), "nothing");
        Assert.Throws<LatentException>(() => folder.Read(1));
        Assert.Throws<LatentException>(() => folder.Read(7));
    }

    private static TrainingResult Fit(Autoencoder model, SampleSet train, SampleSet? validation, TrainingOptions options) =>
        model.Fit(train, validation, options, cancellation: TestContext.Current.CancellationToken);

    private static void Resume(RunFolder run, TrainingOptions? options = null) =>
        Trainer.Resume(run.Path, s_train, s_tiny, options, cancellation: TestContext.Current.CancellationToken);

    private static TrainingOptions Options(int epochs, params IReadOnlyList<Callback> callbacks) =>
        new()
        {
            Epochs = epochs,
            BatchSize = 32,
            Seed = 3,
            KeepBest = true,
            Calibrate = true,
            Callbacks = callbacks,
        };

    /// <summary>Cancels a training after a step; no option of it, as a program that is stopped.</summary>
    private sealed class Stopper(int step, CancellationTokenSource stop) : Callback
    {
        internal override bool OnlyRecords => true;

        public override void OnBatchEnd(TrainingContext context)
        {
            if (context.Step == step)
                stop.Cancel();
        }
    }
}
