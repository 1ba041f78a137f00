using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>The losses and their gradients for the predictions, over any number of images: the mean over all their numbers.</summary>
internal static class PlainLoss
{
    // Keras clips in single precision, where 1 − 1e-7 is 1 − 2⁻²³: that is what a prediction of exactly 1 is taken for.
    private const float Lowest = 1e-7f,
        Highest = 1 - 1e-7f;

    /// <param name="loss">Which loss.</param>
    /// <param name="prediction">The outputs, one after the other.</param>
    /// <param name="target">As many targets.</param>
    /// <param name="shape">The shape of one output.</param>
    public static (T Value, T[] Gradient) Of<T>(Loss loss, T[] prediction, T[] target, Shape shape)
        where T : IFloatingPointIeee754<T>
    {
        if (loss is CategoricalCrossentropy { FromLogits: var logits })
            return logits ? OfLogits(prediction, target, shape.Channels) : OfProbabilities(prediction, target, shape.Channels);
        var count = T.CreateChecked(prediction.Length);
        var sum = T.Zero;
        var gradient = new T[prediction.Length];
        for (int i = 0; i < prediction.Length; i++)
        {
            var (value, slope) = loss switch
            {
                MeanSquaredError => SquaredError(prediction[i], target[i]),
                BinaryCrossentropy => Crossentropy(prediction[i], target[i]),
                MeanAbsoluteError => (T.Abs(prediction[i] - target[i]), Sign(prediction[i] - target[i])),
                Huber l => HuberOf(prediction[i] - target[i], T.CreateChecked(l.Delta)),
                LogCosh => LogCoshOf(prediction[i] - target[i]),
                _ => throw new NotSupportedException($"There is no plain reference of {loss.Name}."),
            };
            sum += value;
            gradient[i] = slope / count;
        }
        return (sum / count, gradient);
    }

    private static (T Value, T[] Gradient) OfLogits<T>(T[] x, T[] target, int channels)
        where T : IFloatingPointIeee754<T>
    {
        var pixels = T.CreateChecked(x.Length / channels);
        T sum = T.Zero;
        var gradient = new T[x.Length];
        for (int first = 0; first < x.Length; first += channels)
        {
            var logits = x[first..(first + channels)];
            var powers = Array.ConvertAll(logits, v => T.Exp(v - logits.Max()!));
            var all = powers.Aggregate(T.Zero, (a, b) => a + b);
            var targets = target[first..(first + channels)].Aggregate(T.Zero, (a, b) => a + b);
            for (int c = 0; c < channels; c++)
            {
                sum -= target[first + c] * T.Log(powers[c] / all);
                gradient[first + c] = (powers[c] / all * targets - target[first + c]) / pixels;
            }
        }
        return (sum / pixels, gradient);
    }

    private static (T Value, T[] Gradient) OfProbabilities<T>(T[] y, T[] target, int channels)
        where T : IFloatingPointIeee754<T>
    {
        T low = T.CreateChecked(Lowest),
            high = T.CreateChecked(Highest),
            pixels = T.CreateChecked(y.Length / channels),
            sum = T.Zero;
        var gradient = new T[y.Length];
        for (int first = 0; first < y.Length; first += channels)
        {
            var all = y[first..(first + channels)].Aggregate(T.Zero, (a, b) => a + b);
            for (int i = 0; i < channels; i++)
            {
                var p = y[first + i] / all;
                sum -= target[first + i] * T.Log(T.Clamp(p, low, high));
                if (p < low || p > high)
                    continue;
                var slope = -target[first + i] / p / pixels; // for p; dpᵢ/dyⱼ = (δᵢⱼ − pᵢ) / Σ y
                for (int j = 0; j < channels; j++)
                    gradient[first + j] += slope * ((i == j ? T.One : T.Zero) - p) / all;
            }
        }
        return (sum / pixels, gradient);
    }

    private static (T Value, T Slope) SquaredError<T>(T p, T t)
        where T : IFloatingPointIeee754<T> => ((p - t) * (p - t), (p - t) + (p - t));

    private static (T Value, T Slope) Crossentropy<T>(T p, T t)
        where T : IFloatingPointIeee754<T>
    {
        T low = T.CreateChecked(Lowest),
            high = T.CreateChecked(Highest);
        var q = T.Clamp(p, low, high);
        var value = -(t * T.Log(q) + (T.One - t) * T.Log(T.One - q));
        return (value, p < low || p > high ? T.Zero : (T.One - t) / (T.One - q) - t / q);
    }

    private static T Sign<T>(T d)
        where T : IFloatingPointIeee754<T> =>
        d > T.Zero ? T.One
        : d < T.Zero ? -T.One
        : T.Zero;

    private static (T Value, T Slope) HuberOf<T>(T d, T delta)
        where T : IFloatingPointIeee754<T>
    {
        T half = T.CreateChecked(0.5);
        return T.Abs(d) <= delta ? (half * d * d, d) : (delta * (T.Abs(d) - half * delta), delta * Sign(d));
    }

    private static (T Value, T Slope) LogCoshOf<T>(T d)
        where T : IFloatingPointIeee754<T> =>
        (T.Abs(d) + T.LogP1(T.Exp(T.CreateChecked(-2) * T.Abs(d))) - T.Log(T.CreateChecked(2)), T.Tanh(d));
}
