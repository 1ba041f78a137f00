using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Tests.Training;

/// <summary>Inputs, codes and targets that are no images and no vectors of the article's.</summary>
public sealed class TargetsTests : IDisposable
{
    private static readonly ImageSet s_train = SmallMnist.Train(96),
        s_test = SmallMnist.Test(40);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_with_maps_for_a_code_learns_masks()
    {
        var model = Segmenter();
        Assert.Equal((new Shape(7, 7, 4), 196, false), (model.CodeShape, model.LatentSize, model.GivesImages));
        var result = model.Fit(s_train, Masks(s_train), s_test, Masks(s_test), Options() with { Epochs = 12 }, cancellation: Stop);
        Assert.True(result.History[^1].Loss < 0.7 * result.History[0].Loss, $"{result.History[0].Loss} became {result.History[^1].Loss}");
        Assert.Equal(result.History[^1].ValLoss!.Value, model.Evaluate(s_test, new CategoricalCrossentropy(), Masks(s_test)), 1e-9);

        Assert.Equal(40 * 196, model.Encode(s_test).Length);
        Assert.Equal(model.Reconstruct(s_test), model.Decode(model.Encode(s_test)));
        model.Save(_folder["model.safetensors"]);
        Assert.Equal(model.Reconstruct(s_test), Autoencoder.Open(_folder["model.safetensors"]).Reconstruct(s_test));
        Assert.Contains("(28, 28, 2)", Assert.Throws<LatentException>(model.RequireImages).Message, StringComparison.Ordinal);
        Assert.Contains("give targets", Assert.Throws<LatentException>(() => model.Losses(s_test)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_resumed_with_its_targets_and_not_with_others()
    {
        var whole = Segmenter();
        whole.Fit(s_train, Masks(s_train), s_test, Masks(s_test), Options(), cancellation: Stop);

        var run = RunFolder.Create(_folder["run"]);
        using var stop = new CancellationTokenSource();
        var interrupt = new LambdaCallback
        {
            BatchEnd = context =>
            {
                if (context.Step == 4)
                    stop.Cancel();
            },
        };
        var options = Options() with { Callbacks = [interrupt, new RunRecorder(run)] };
        Segmenter().Fit(s_train, Masks(s_train), s_test, Masks(s_test), options, cancellation: stop.Token);

        options = Options() with { Callbacks = [new LambdaCallback()], Targets = Masks(s_train), ValidationTargets = Masks(s_test) };
        var others = options with { Targets = Masks(SmallMnist.Train(97).Slice(1, 96)) };
        Assert.Contains("the images (targets)", Message(() => Trainer.Resume(run.Path, s_train, s_test, others)), StringComparison.Ordinal);
        Assert.Contains("the targets (numbers, 96 ", Message(() => Trainer.Resume(run.Path, s_train, s_test)), StringComparison.Ordinal);
        var resumed = Trainer.Resume(run.Path, s_train, s_test, options, cancellation: Stop);
        Assert.True(whole.Weights.Values.SequenceEqual(resumed.Model.Weights.Values));
    }

    /// <summary>Numbers in, numbers out: the rows of a batch are drawn from both sets alike.</summary>
    [Fact]
    public void Vectors_learn_vectors()
    {
        var random = new RandomStream(1, "tests/vectors");
        float[] x = [.. Enumerable.Range(0, 200 * 5).Select(_ => (float)random.NextGaussian())];
        float[] y = [.. x.Chunk(5).SelectMany(v => new[] { v[0] - v[1], 2 * v[4] })];
        FloatSet inputs = FloatSet.From(x, Shape.Vector(5)),
            targets = FloatSet.From(y, Shape.Vector(2), "sums");
        var model = new Autoencoder(
            new Network("encoder", Shape.Vector(5), new Dense(4)),
            new Network("decoder", Shape.Vector(4), new Dense(2)),
            seed: 3
        );
        var options = new TrainingOptions
        {
            Optimizer = new Adam(0.02f),
            Epochs = 60,
            Metrics = ["mse", "mae"],
        };
        var result = model.Fit(inputs, targets, inputs.Take(50), targets.Take(50), options, cancellation: Stop);
        Assert.True(result.History[^1].Loss < 1e-3, $"{result.History[^1].Loss}");
        Assert.Equal(result.History[^1].ValLoss!.Value, result.History[^1].Metrics["val_mse"], 1e-9);
    }

    [Fact]
    public void Bytes_and_their_floats_train_the_same_weights()
    {
        var floats = FloatSet.From(Array.ConvertAll(s_train.Pixels.ToArray(), pixel => pixel / 255f), s_train.Shape);
        Autoencoder one = SmallMnist.Model(),
            other = SmallMnist.Model();
        one.Fit(s_train, s_train, Plain(), cancellation: Stop);
        other.Fit(floats, floats, Plain(), cancellation: Stop);
        Assert.True(one.Weights.Values.SequenceEqual(other.Weights.Values));

        static TrainingOptions Plain() => new() { Epochs = 2 };
    }

    [Fact]
    public void What_does_not_fit_is_said_at_once()
    {
        var model = Segmenter();
        string[] missing = Message(() => model.Fit(s_train, s_test, Options())).Split('\n');
        Assert.Contains("- Targets are needed: the model takes (28, 28, 1) and gives (28, 28, 2).", missing);
        Assert.Contains("- ValidationTargets are needed: the model takes (28, 28, 1) and gives (28, 28, 2).", missing);
        string wrong = Message(() => model.Fit(s_train, Masks(s_test), s_test, s_test, Options()));
        Assert.Contains("Targets has 40 samples; there are 96 inputs.", wrong, StringComparison.Ordinal);
        Assert.Contains("ValidationTargets has samples of (28, 28, 1); the model gives (28, 28, 2).", wrong, StringComparison.Ordinal);
        Assert.Contains(
            "CategoricalCrossentropy needs outputs with a channel for each class",
            Message(() => SmallMnist.Model().Fit(s_train, s_test, Options())),
            StringComparison.Ordinal
        );
        Assert.Contains("is not finite", Message(() => FloatSet.From([1, float.NaN], Shape.Vector(2))), StringComparison.Ordinal);
        Assert.Contains("a multiple of 2", Message(() => FloatSet.From([1, 2, 3], Shape.Vector(2))), StringComparison.Ordinal);
    }

    private static string Message(Action act) => Assert.Throws<LatentException>(act).Message;

    private static TrainingOptions Options() =>
        new()
        {
            Optimizer = new Adam(3e-3f),
            Loss = new CategoricalCrossentropy(),
            Epochs = 2,
        };

    private static Autoencoder Segmenter() =>
        new(
            new Network("encoder", new Shape(28, 28, 1), Conv(8), Conv(4)),
            new Network(
                "decoder",
                new Shape(7, 7, 4),
                new UpSampling2D(),
                new Conv2D(8, 3, 1, Padding.Same, Activation.Relu),
                new UpSampling2D(),
                new Conv2D(2, 3, 1, Padding.Same, Activation.Softmax)
            ),
            seed: 1
        );

    private static Conv2D Conv(int filters) => new(filters, 3, 2, Padding.Same, Activation.Relu);

    private static FloatSet Masks(ImageSet images) =>
        FloatSet.From([.. images.Pixels.ToArray().SelectMany(p => p < 128 ? new float[] { 1, 0 } : [0, 1])], new Shape(28, 28, 2));
}
