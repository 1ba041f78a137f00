using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Tests.Probes;
using Latent.Tests.Shared;

namespace Latent.Tests.Plain;

/// <summary>Every loss: the fast form against the plain one over random numbers, and the plain one's gradient against differences.</summary>
public sealed class LossesAgainstPlainTests
{
    private static readonly Loss[] s_losses = [.. Loss.All, new Huber(0.3f), new Huber(0.05f)];

    public static TheoryData<int> Losses => [.. Enumerable.Range(0, s_losses.Length)];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Values_and_gradients_agree(int index)
    {
        var loss = s_losses[index];
        for (int number = 0; number < 60; number++)
        {
            var (prediction, target) = Numbers(loss, number);
            var plain = PlainLoss.Of(loss, Near.Doubles(prediction), Near.Doubles(target));
            var fast = LossProbe.Run(loss, prediction, target);
            string what = $"{loss}, {prediction.Length} numbers";
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
        double[] gradient = PlainLoss.Of(loss, prediction, target).Gradient;
        for (int i = 0; i < prediction.Length; i++)
        {
            double value = prediction[i];
            prediction[i] = value + Step;
            double above = PlainLoss.Of(loss, prediction, target).Value;
            prediction[i] = value - Step;
            double below = PlainLoss.Of(loss, prediction, target).Value;
            prediction[i] = value;
            Near.Relative([(above - below) / (2 * Step)], [gradient[i]], 1e-6, $"{loss}, number {i}");
        }
    }

    /// <summary>Of any length, half of them near each other, some exactly so, and probabilities of exactly 0 and 1 among them.</summary>
    private static (float[] Prediction, float[] Target) Numbers(Loss loss, int number)
    {
        var random = new RandomStream(number, "tests/losses against plain");
        int count = 1 + random.Next(number % 2 == 0 ? 40 : 3000);
        bool probabilities = loss is BinaryCrossentropy || number % 3 == 0;
        float[] target = [.. Enumerable.Range(0, count).Select(_ => Value())];
        float[] prediction =
        [
            .. target.Select(t =>
                random.Next(20) == 0 ? t
                : random.Next(2) == 0 ? Value()
                : Hold(t + 0.1f * (float)random.NextGaussian())
            ),
        ];
        return (prediction, target);

        float Value() =>
            !probabilities ? (float)(random.NextGaussian() * 3)
            : random.Next(10) == 0 ? random.Next(2)
            : (float)random.NextDouble();

        float Hold(float value) => probabilities ? Math.Clamp(value, 0, 1) : value;
    }
}
