using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Probes;
using Latent.Tests.Shared;
using Latent.Tests.Training;
using Latent.Training;

namespace Latent.Tests.Engine;

/// <summary>Layers and losses of a user's own.</summary>
public sealed class CustomPartsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    static CustomPartsTests() => CustomLayer.Register("Slope", json => new Slope(json.GetProperty("start").GetSingle()));

    public void Dispose() => _folder.Dispose();

    /// <summary>Between convolutions, which want borders of zeros around what they read and write.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void A_layer_of_ones_own_does_what_its_twin_of_ours_does(int count)
    {
        var own = new Network("n", new Shape(7, 6, 3), Layers(new Slope(0)));
        var ours = new Network("n", own.Input, Layers(new PReLU(SharePixels: true)));
        var random = new RandomStream(1, "tests/custom");
        float[] x = [.. Enumerable.Range(0, count * own.Input.Size).Select(_ => (float)random.NextGaussian())];
        float[] dy = [.. Enumerable.Range(0, count * own.Output.Size).Select(_ => (float)random.NextGaussian())];
        var (first, second) = (Run(own), Run(ours));
        Near.Relative(second.Y, first.Y, 1e-6, "y");
        Near.Relative(second.Dx, first.Dx, 1e-5, "dx");
        Near.Relative(second.Gradients, first.Gradients, 1e-5, "gradients");

        static ImmutableArray<Layer> Layers(Layer layer) =>
            [
                layer,
                new Conv2D(9, 3, 1, Padding.Same, Activation.Relu),
                layer,
                new LeakyReLU(0.5f),
                new Conv2D(4, 3, 2, Padding.Same),
                layer,
                new Flatten(),
                layer is PReLU ? new PReLU() : layer,
                new Dense(5),
            ];

        (float[] Y, float[] Dx, float[] Gradients) Run(Network network)
        {
            var weights = new WeightStore(new ParameterLayout(network));
            weights.Initialize(4);
            foreach (var parameter in weights.Layout.Parameters.Where(p => p.Weight.Name == "alpha"))
                weights[parameter].Fill(0.1f);
            return LayerProbe.Run(network, weights, x, dy);
        }
    }

    [Fact]
    public void A_model_with_it_trains_saves_opens_and_resumes()
    {
        var images = SmallMnist.Train(64);
        var run = RunFolder.Create(_folder["run"]);
        var model = Model(images.Shape);
        var options = new TrainingOptions
        {
            Optimizer = new Adam(),
            BatchSize = 32,
            Epochs = 2,
            Loss = new Scaled(2),
        };
        var whole = Model(images.Shape);
        whole.Fit(images, images, options, cancellation: Stop);

        using var stop = new CancellationTokenSource();
        var first = new LambdaCallback
        {
            BatchEnd = context =>
            {
                if (context.Step == 3)
                    stop.Cancel();
            },
        };
        model.Fit(images, images, options with { Callbacks = [new RunRecorder(run), first] }, cancellation: stop.Token);
        Assert.Contains(
            "the loss Scaled",
            Assert.Throws<LatentException>(() => Trainer.Resume(run.Path, images, images, cancellation: Stop)).Message,
            StringComparison.Ordinal
        );
        var resumed = Trainer.Resume(run.Path, images, images, options with { Callbacks = [new LambdaCallback()] }, cancellation: Stop);
        Assert.True(whole.Weights.Values.SequenceEqual(resumed.Model.Weights.Values));

        whole.Save(_folder["model.safetensors"]);
        var opened = Autoencoder.Open(_folder["model.safetensors"]);
        Assert.Equal(whole.Encoder, opened.Encoder);
        Assert.Equal(whole.Reconstruct(images), opened.Reconstruct(images));
        Assert.Contains("slope (Slope)", opened.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_that_nobody_registered_is_said()
    {
        var network = new Network("n", Shape.Vector(3), new Forgotten());
        var json = System.Text.Json.JsonElement.Parse(NetworkJson.Write(network).ToJsonString());
        string message = Assert.Throws<LatentException>(() => NetworkJson.Read(json)).Message;
        Assert.Contains("'Forgotten'", message, StringComparison.Ordinal);
        Assert.Contains("CustomLayer.Register", message, StringComparison.Ordinal);
        Assert.Throws<LatentException>(() => CustomLayer.Register("Conv2D", _ => new Forgotten()));
    }

    [Fact]
    public void What_could_not_be_drawn_saved_or_read_is_said()
    {
        Assert.Contains("'ReLU'", Message(new Named("ReLU")), StringComparison.Ordinal);
        Assert.Contains("two weights of one name", Message(new Named("A") { Own = [Weight(1), Weight(1)] }), StringComparison.Ordinal);
        Assert.Contains("cannot be drawn", Message(new Named("A") { Own = [Weight(0)] }), StringComparison.Ordinal);
        CustomLayer.Register("Misread", json => new Named(json.GetProperty("none").GetString()!));
        var file = System.Text.Json.JsonElement.Parse(NetworkJson.Write(new("n", Shape.Vector(3), new Named("Misread"))).ToJsonString());
        Assert.Contains("'Misread'", Assert.Throws<LatentException>(() => NetworkJson.Read(file)).Message, StringComparison.Ordinal);

        static string Message(Layer layer) => Assert.Throws<LatentException>(() => new Network("n", Shape.Vector(3), layer)).Message;
        static Weight Weight(int fan) => new("w", [3], Initializer.GlorotUniform, fan, fan);
    }

    /// <summary>The run is whole: nobody may be told to overwrite it.</summary>
    [Fact]
    public void A_run_with_a_layer_that_nobody_registered_is_not_called_damaged()
    {
        var images = SmallMnist.Train(32);
        var encoder = new Network("encoder", images.Shape, new Flatten(), new Dense(3), new Forgotten());
        var model = new Autoencoder(encoder, new Network("decoder", Shape.Vector(3), new Dense(784), new Reshape(images.Shape)));
        var run = RunFolder.Create(_folder["own"]);
        model.Fit(images, images, new TrainingOptions { Callbacks = [new RunRecorder(run)] }, cancellation: Stop);
        string message = Assert.Throws<LatentException>(() => Trainer.Resume(run.Path, images, images, cancellation: Stop)).Message;
        Assert.Contains("CustomLayer.Register", message, StringComparison.Ordinal);
        Assert.DoesNotContain("lost", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_no_number_is_warned_of()
    {
        var images = SmallMnist.Train(32);
        var result = Model(images.Shape).Fit(images, null, new() { Loss = new Scaled(float.NaN), Epochs = 3 }, cancellation: Stop);
        Assert.Contains("TerminateOnNaN", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void A_loss_of_ones_own_does_what_its_twin_of_ours_does(int count)
    {
        var images = SmallMnist.Train(count);
        int[] rows = [.. Enumerable.Range(0, count)];
        Autoencoder one = Model(images.Shape),
            other = Model(images.Shape);
        using var own = new TrainingProgram(one.Weights, new Scaled(1), new SGD(0.1f));
        using var ours = new TrainingProgram(other.Weights, new MeanSquaredError(), new SGD(0.1f));
        for (int step = 0; step < 3; step++)
            Assert.Equal(ours.Step(images, rows), own.Step(images, rows), 1e-7);
        Assert.Equal(ours.Evaluate(images), own.Evaluate(images), 1e-7);
        Assert.Equal(one.Evaluate(images), one.Evaluate(images, new Scaled(1)), 1e-7);
        Near.Relative(other.Weights.Values, one.Weights.Values, 1e-6, "weights");
    }

    [Fact]
    public void The_number_of_threads_does_not_matter()
    {
        var images = SmallMnist.Train(100);
        var weights = new List<float[]>();
        foreach (int threads in (int[])[1, 2, 5])
        {
            var model = Model(images.Shape);
            using var program = new TrainingProgram(model.Weights, new Scaled(3), new Adam(), threads);
            for (int step = 0; step < 3; step++)
                program.Step(images, [.. Enumerable.Range(0, 100)]);
            weights.Add(model.Weights.Values.ToArray());
        }
        Assert.Equal(weights[0], weights[1]);
        Assert.Equal(weights[0], weights[2]);
    }

    /// <summary>On whichever thread it happens.</summary>
    [Fact]
    public void What_a_part_of_ones_own_throws_comes_through()
    {
        var images = SmallMnist.Train(100);
        var network = new Network("encoder", images.Shape, new Flatten(), new Dense(3), new Failing());
        var model = new Autoencoder(network, new Network("decoder", Shape.Vector(3), new Dense(784), new Reshape(images.Shape)));
        Assert.Equal("no", Assert.Throws<NotSupportedException>(() => model.Encode(images)).Message);
        foreach (int threads in (int[])[1, 2])
        {
            var options = new TrainingOptions { Threads = threads, BatchSize = 64 };
            Assert.Equal("no", Assert.Throws<NotSupportedException>(() => model.Fit(images, null, options, cancellation: Stop)).Message);
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Autoencoder Model(Shape image) =>
        new(
            new Network("encoder", image, new Flatten(), new Dense(20), new Slope(0.2f), new Dense(5)),
            new Network("decoder", Shape.Vector(5), new Dense(image.Size, Activation.Sigmoid), new Reshape(image)),
            seed: 2
        );

    /// <summary>x where x &gt; 0, else a learned slope of each channel times x.</summary>
    private sealed record Slope(float Start) : CustomLayer
    {
        public override JsonObject Config => new() { ["start"] = Start };

        public override Shape Output(Shape input) => input;

        public override ImmutableArray<Weight> Weights(Shape input) => [new("alpha", [input.Channels], Initializer.Zeros, 0, 0)];

        public override void Forward(in LayerForward pass)
        {
            var alpha = pass.Weight(0);
            for (int i = 0; i < pass.Input.Length; i++)
                pass.Output[i] = pass.Input[i] > 0 ? pass.Input[i] : (Start + alpha[i % alpha.Length]) * pass.Input[i];
        }

        public override void Backward(in LayerBackward pass)
        {
            var alpha = pass.Weight(0);
            var gradient = pass.WeightGradient(0);
            for (int i = 0; i < pass.Input.Length; i++)
            {
                bool above = pass.Input[i] > 0;
                if (!above)
                    gradient[i % alpha.Length] += pass.OutputGradient[i] * pass.Input[i];
                if (!pass.InputGradient.IsEmpty)
                    pass.InputGradient[i] = pass.OutputGradient[i] * (above ? 1 : Start + alpha[i % alpha.Length]);
            }
        }
    }

    private sealed record Forgotten : CustomLayer
    {
        public override Shape Output(Shape input) => input;

        public override void Forward(in LayerForward pass) => pass.Input.CopyTo(pass.Output);

        public override void Backward(in LayerBackward pass) => pass.OutputGradient.CopyTo(pass.InputGradient);
    }

    private sealed record Named(string Class) : CustomLayer
    {
        public override string ClassName => Class;

        public ImmutableArray<Weight> Own { get; init; }

        public override ImmutableArray<Weight> Weights(Shape input) => Own;

        public override Shape Output(Shape input) => input;

        public override void Forward(in LayerForward pass) => pass.Input.CopyTo(pass.Output);

        public override void Backward(in LayerBackward pass) => pass.OutputGradient.CopyTo(pass.InputGradient);
    }

    private sealed record Failing : CustomLayer
    {
        public override Shape Output(Shape input) => input;

        public override void Forward(in LayerForward pass) => throw new NotSupportedException("no");

        public override void Backward(in LayerBackward pass) => throw new NotSupportedException("no");
    }

    private sealed record Scaled(float Factor) : CustomLoss
    {
        protected override double Compute(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Shape shape, Span<float> gradient)
        {
            double loss = new MeanSquaredError().Of(output, target, shape, gradient);
            foreach (ref float slope in gradient)
                slope *= Factor;
            return Factor * loss;
        }
    }
}
