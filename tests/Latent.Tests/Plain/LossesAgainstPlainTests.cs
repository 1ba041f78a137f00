using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Networks;
using Latent.Tests.Probes;
using Latent.Tests.Shared;

namespace Latent.Tests.Plain;

/// <summary>Every loss: the fast form against the plain one over random numbers, and the plain one's gradient against differences.</summary>
public sealed class LossesAgainstPlainTests
{
    private static readonly Loss[] s_losses =
    [
        .. Loss.All,
        new Huber(0.3f),
        new Huber(0.05f),
        new CategoricalCrossentropy(FromLogits: true),
    ];

    public static TheoryData<int> Losses => [.. Enumerable.Range(0, s_losses.Length)];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Values_and_gradients_agree(int index)
    {
        var loss = s_losses[index];
        for (int number = 0; number < 60; number++)
        {
            var (prediction, target, shape) = Numbers(loss, number);
            var plain = PlainLoss.Of(loss, Near.Doubles(prediction), Near.Doubles(target), shape);
            var fast = LossProbe.Run(loss, prediction, target, shape.Channels);
            string what = $"{loss}, case {number}, {shape}";
            Near.Absolute([plain.Value], [fast.Value], 1e-6 * Math.Max(plain.Value, 0.1), what); // log cosh is a difference near 0
            Near.Relative(plain.Gradient, Near.Doubles(fast.Gradient), 1e-6, what);
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Gradients_are_the_limits_of_differences(int index)
    {
        const double Step = 1e-5;
        var loss = s_losses[index];
        var random = new RandomStream(index, "tests/losses");
        double[] prediction = [.. Enumerable.Range(0, 50).Select(_ => 0.05 + 0.9 * random.NextDouble())],
            target = [.. Enumerable.Range(0, 50).Select(_ => random.NextDouble())];
        var shape = new Shape(2, 5, 5);
        double[] gradient = PlainLoss.Of(loss, prediction, target, shape).Gradient;
        for (int i = 0; i < prediction.Length; i++)
        {
            double value = prediction[i];
            prediction[i] = value + Step;
            double above = PlainLoss.Of(loss, prediction, target, shape).Value;
            prediction[i] = value - Step;
            double below = PlainLoss.Of(loss, prediction, target, shape).Value;
            prediction[i] = value;
            Near.Absolute([(above - below) / (2 * Step)], [gradient[i]], 1e-6 * Near.Largest(gradient), $"{loss}, number {i}");
        }
    }

    /// <summary>
    /// Of any size, half of them near each other, some exactly so, and probabilities of exactly 0 and 1 among them. Of classes neither, since
    /// what is certain there lies beyond the clip.
    /// </summary>
    private static (float[] Prediction, float[] Target, Shape Shape) Numbers(Loss loss, int number)
    {
        var random = new RandomStream(number, "tests/losses against plain");
        bool classes = loss is CategoricalCrossentropy,
            probabilities = loss is BinaryCrossentropy or CategoricalCrossentropy { FromLogits: false } || number % 3 == 0;
        var shape = new Shape(1, 1 + random.Next(number % 2 == 0 ? 40 : 3000), classes ? 2 + random.Next(20) : 1);
        float[] target = [.. Enumerable.Range(0, shape.Size).Select(_ => classes ? (float)random.NextDouble() : Value())];
        float[] prediction =
        [
            .. target.Select(t =>
                random.Next(20) == 0 ? t
                : random.Next(2) == 0 ? Value()
                : Hold(t + 0.1f * (float)random.NextGaussian())
            ),
        ];
        return (prediction, target, shape);

        float Value() =>
            !probabilities ? (float)(random.NextGaussian() * 3)
            : !classes && random.Next(10) == 0 ? random.Next(2)
            : Hold((float)random.NextDouble());

        float Hold(float value) =>
            classes && probabilities ? Math.Clamp(value, 0.01f, 1)
            : probabilities ? Math.Clamp(value, 0, 1)
            : value;
    }
}
