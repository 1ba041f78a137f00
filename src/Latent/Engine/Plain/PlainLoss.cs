using System.Numerics;

namespace Latent.Engine.Plain;

/// <summary>The losses and their gradients for the predictions, over any number of images: the mean over all their numbers.</summary>
internal static class PlainLoss
{
    // Keras clips in single precision, where 1 − 1e-7 is 1 − 2⁻²³: that is what a prediction of exactly 1 is taken for.
    private const float Lowest = 1e-7f,
        Highest = 1 - 1e-7f;

    public static (T Value, T[] Gradient) Of<T>(Loss loss, T[] prediction, T[] target)
        where T : IFloatingPointIeee754<T>
    {
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
