using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using Latent.Tests.Training;

namespace Latent.Tests.Engine;

/// <summary>L1 and L2 on weights and on codes.</summary>
public sealed class PenaltyTests
{
    private static readonly Regularizer s_weak = new(1e-3f, 2e-3f);

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    public void Loss_and_gradients_are_those_of_the_plain_reference(int count)
    {
        var network = Penalized();
        var weights = new WeightStore(new ParameterLayout(network));
        weights.Initialize(5);
        var random = new RandomStream(3, "tests/penalties");
        float[] x = [.. Enumerable.Range(0, count * network.Input.Size).Select(_ => (float)random.NextGaussian())];
        float[] target = [.. Enumerable.Range(0, count * network.Output.Size).Select(_ => (float)random.NextDouble())];
        using var program = new TrainingProgram(weights, new MeanSquaredError(), new RMSprop());
        var gradients = new float[weights.Layout.Length];
        double loss = program.Gradient(x, target, gradients);

        var plain = new PlainNetwork<double>(weights).LossAndGradient(
            Array.ConvertAll(x, v => (double)v),
            Array.ConvertAll(target, v => (double)v),
            new MeanSquaredError()
        );
        var free = new PlainNetwork<double>(new ParameterLayout(Free(network)), weights.Values).LossAndGradient(
            Array.ConvertAll(x, v => (double)v),
            Array.ConvertAll(target, v => (double)v),
            new MeanSquaredError()
        );
        Assert.True(plain.Loss > free.Loss * 1.01, "the penalties are too small to be seen");
        Near.Relative([plain.Loss], [loss], 1e-6, "loss");
        foreach (var parameter in weights.Layout.Parameters)
        {
            var range = parameter.Offset..(parameter.Offset + parameter.Count);
            Near.Relative(plain.Gradients[range], Near.Doubles(gradients[range]), 1e-5, parameter.Name);
            Assert.NotEqual(free.Gradients[range], plain.Gradients[range]);
        }
    }

    [Fact]
    public void The_plain_reference_has_the_limits_of_differences()
    {
        var network = Penalized();
        var weights = new WeightStore(new ParameterLayout(network));
        weights.Initialize(5);
        var plain = new PlainNetwork<double>(weights);
        var random = new RandomStream(4, "tests/penalties");
        double[] x = [.. Enumerable.Range(0, 2 * network.Input.Size).Select(_ => random.NextGaussian())];
        double[] target = [.. Enumerable.Range(0, 2 * network.Output.Size).Select(_ => random.NextDouble())];
        var gradients = plain.LossAndGradient(x, target, new MeanSquaredError()).Gradients;
        foreach (var parameter in weights.Layout.Parameters)
            for (int i = parameter.Offset; i < parameter.Offset + parameter.Count; i += 7)
            {
                const double step = 1e-6;
                double value = plain.Weights[i];
                plain.Weights[i] = value + step;
                double above = plain.LossAndGradient(x, target, new MeanSquaredError()).Loss;
                plain.Weights[i] = value - step;
                double below = plain.LossAndGradient(x, target, new MeanSquaredError()).Loss;
                plain.Weights[i] = value;
                Assert.Equal((above - below) / (2 * step), gradients[i], 1e-6);
            }
    }

    /// <summary>With dropout, evaluation runs a plan of its own.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_validation_loss_has_the_penalties_and_the_models_own_loss_has_not(bool dropout)
    {
        var images = SmallMnist.Test(33);
        Layer[] noise = dropout ? [new Dropout(0.5f)] : [];
        var encoder = new Network("encoder", images.Shape, [new Flatten(), .. noise, new Dense(6), new ActivityRegularization(0.01f)]);
        var decoder = new Network(
            "decoder",
            Shape.Vector(6),
            new Dense(images.Shape.Size, Activation.Sigmoid) { KernelRegularizer = new(L2: 0.01f) },
            new Reshape(images.Shape)
        );
        var model = new Autoencoder(encoder, decoder, seed: 1);
        using var program = new TrainingProgram(model.Weights, new MeanSquaredError(), new RMSprop());
        double penalties =
            0.01 * model.Encode(images).Sum(Math.Abs) / images.Count
            + 0.01 * model.Weights[model.Weights.Layout.Find("decoder/dense_1/kernel")!].ToArray().Sum(w => (double)w * w);
        Assert.Equal(model.Evaluate(images) + penalties, program.Evaluate(images), penalties * 1e-5);
    }

    [Fact]
    public void A_penalty_on_the_code_makes_it_sparse()
    {
        var images = SmallMnist.Train(256);
        Assert.True(Magnitude(1e-2f) < 0.5 * Magnitude(0));

        double Magnitude(float l1)
        {
            var encoder = new Network("encoder", images.Shape, new Flatten(), new Dense(16), new ActivityRegularization(l1));
            var decoder = new Network(
                "decoder",
                Shape.Vector(16),
                new Dense(images.Shape.Size, Activation.Sigmoid),
                new Reshape(images.Shape)
            );
            var model = new Autoencoder(encoder, decoder, seed: 1);
            using var program = new TrainingProgram(model.Weights, new MeanSquaredError(), new Adam());
            int[] rows = [.. Enumerable.Range(0, 256)];
            for (int step = 0; step < 60; step++)
                program.Step(images, rows);
            return model.Encode(images).Average(Math.Abs);
        }
    }

    private static Network Penalized() =>
        new(
            "penalized",
            new Shape(6, 5, 2),
            new Conv2D(9, 3, 1, Padding.Same, Activation.Tanh) { KernelRegularizer = s_weak, ActivityRegularizer = s_weak },
            new ActivityRegularization(5e-4f, 1e-3f),
            new UpSampling2D(),
            new Conv2D(3, 3, 1, Padding.Same) { BiasRegularizer = s_weak, ActivityRegularizer = s_weak },
            new LeakyReLU(),
            new Conv2DTranspose(4, 2, 2) { KernelRegularizer = new(L1: 1e-3f), ActivityRegularizer = new(L2: 1e-3f) },
            new Flatten(),
            new Dense(3, Activation.Softmax) { KernelRegularizer = new(L2: 1e-2f), ActivityRegularizer = s_weak }
        );

    private static Network Free(Network network) =>
        new(
            network.Name,
            network.Input,
            [
                .. network
                    .Layers.Where(layer => layer is not ActivityRegularization)
                    .Select(layer =>
                        layer switch
                        {
                            Conv2D l => l with { KernelRegularizer = null, BiasRegularizer = null, ActivityRegularizer = null },
                            Conv2DTranspose l => l with { KernelRegularizer = null, ActivityRegularizer = null },
                            Dense l => l with { KernelRegularizer = null, ActivityRegularizer = null },
                            _ => layer,
                        }
                    ),
            ]
        );
}
