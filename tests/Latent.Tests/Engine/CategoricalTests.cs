using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Networks;
using Latent.Tests.Probes;
using Latent.Tests.Shared;

namespace Latent.Tests.Engine;

/// <summary>Softmax and the categorical cross-entropy of pixels.</summary>
public sealed class CategoricalTests
{
    [Theory]
    [InlineData(2, false)]
    [InlineData(11, false)]
    [InlineData(3, true)]
    [InlineData(70, true)]
    public void The_loss_is_that_of_the_plain_reference(int classes, bool logits)
    {
        var loss = new CategoricalCrossentropy(logits);
        var random = new RandomStream(classes, "tests/categorical");
        var target = new float[40 * classes];
        for (int pixel = 0; pixel < 40; pixel++)
            if (pixel % 3 > 0)
                target[pixel * classes + random.Next(classes)] = 1;
            else
                foreach (ref float t in target.AsSpan(pixel * classes, classes))
                    t = (float)random.NextDouble();
        float[] output =
        [
            .. Enumerable.Range(0, 40 * classes).Select(_ => logits ? 20 * (float)random.NextGaussian() : (float)random.NextDouble()),
        ];
        if (!logits)
            output.AsSpan(0, classes).Clear(); // a certain pixel
        if (!logits)
            output[0] = 1;
        var plain = PlainLoss.Of(loss, RandomCases(output), RandomCases(target), new Shape(5, 8, classes));
        var fast = LossProbe.Run(loss, output, target, classes);
        Near.Relative([plain.Value], [fast.Value], 1e-6, "value");
        Near.Relative(plain.Gradient, Near.Doubles(fast.Gradient), 1e-5, "gradient");

        var one = new float[output.Length];
        double value = loss.Of(output, target, new Shape(5, 8, classes), one);
        Assert.Equal(fast.Value, value);
        Assert.Equal(fast.Gradient, one);
    }

    [Fact]
    public void By_logits_and_by_softmax_it_is_the_same_loss()
    {
        var logits = new Network("segments", new Shape(6, 7, 3), new Conv2D(4, 3, 1, Padding.Same));
        var softmax = new Network("segments", logits.Input, new Conv2D(4, 3, 1, Padding.Same, Activation.Softmax));
        var random = new RandomStream(2, "tests/categorical");
        float[] x = [.. Enumerable.Range(0, 20 * 6 * 7 * 3).Select(_ => (float)random.NextGaussian())];
        float[] target = [.. Enumerable.Range(0, 20 * 6 * 7).SelectMany(i => Enumerable.Range(0, 4).Select(c => c == i * i % 4 ? 1f : 0f))];
        var (loss, gradients) = Run(logits, new CategoricalCrossentropy(FromLogits: true));
        var (other, otherGradients) = Run(softmax, new CategoricalCrossentropy());
        Assert.Equal(loss, other, 1e-6);
        Near.Relative(gradients, otherGradients, 1e-5, "gradient");

        (double, float[]) Run(Network network, Loss criterion)
        {
            var weights = new WeightStore(new ParameterLayout(network));
            weights.Initialize(1);
            var result = new float[weights.Layout.Length];
            using var program = new TrainingProgram(weights, criterion, new RMSprop());
            return (program.Gradient(x, target, result), result);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(19)]
    public void The_fast_softmax_is_the_plain_one(int channels)
    {
        // the convolution behind it wants borders around what the softmax gives
        var network = new Network(
            "softmax",
            new Shape(5, 4, 2),
            new Conv2D(channels, 3, 1, Padding.Same, Activation.Softmax),
            new Conv2D(9, 3, 1, Padding.Same),
            new ActivationLayer(Activation.Softmax)
        );
        var weights = new WeightStore(new ParameterLayout(network));
        weights.Initialize(channels);
        var random = new RandomStream(channels, "tests/softmax");
        float[] x = [.. Enumerable.Range(0, 21 * network.Input.Size).Select(_ => 3 * (float)random.NextGaussian())];
        float[] dy = [.. Enumerable.Range(0, 21 * network.Output.Size).Select(_ => (float)random.NextGaussian())];
        var fast = LayerProbe.Run(network, weights, x, dy);
        var plain = new PlainNetwork<double>(weights).Gradient(RandomCases(x), RandomCases(dy));
        Near.Relative(plain.Y, Near.Doubles(fast.Y), 1e-6, "y");
        double largest = Math.Max(Near.Largest(plain.Gradients), 1e-3);
        Near.Absolute(plain.Dx, Near.Doubles(fast.Dx), 1e-5 * largest, "dx");
        Near.Absolute(plain.Gradients, Near.Doubles(fast.Gradients), 1e-5 * largest, "gradients");
    }

    private static double[] RandomCases(float[] numbers) => Array.ConvertAll(numbers, number => (double)number);
}
