using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>An activation function, number by number.</summary>
internal sealed class PlainActivation<T>(Shape shape, Activation activation) : PlainStep<T>(shape, shape)
    where T : IFloatingPointIeee754<T>
{
    private static readonly T s_scale = T.CreateChecked(1.05070098735548049),
        s_alpha = T.CreateChecked(1.67326324235437729);

    private readonly T _slope = T.CreateChecked(activation.Slope),
        _threshold = T.CreateChecked(activation.Threshold),
        _maximum = T.CreateChecked(activation.Maximum);

    public override T[] Forward(T[] x, int count, T[][] weights) => Array.ConvertAll(x, Value);

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients)
    {
        var dx = new T[x.Length];
        for (int i = 0; i < x.Length; i++)
            dx[i] = dy[i] * Derivative(x[i]);
        return dx;
    }

    /// <summary>An exact 0 does not count: nothing was summed there, in any order.</summary>
    public override T KinkDistance(T[] x, int count)
    {
        var distance = T.PositiveInfinity;
        foreach (var kink in Kinks())
        foreach (var value in x)
            if (value != T.Zero)
                distance = T.Min(distance, T.Abs(value - kink));
        return distance;
    }

    private T[] Kinks() =>
        activation.Kind switch
        {
            ActivationKind.Relu or ActivationKind.LeakyRelu or ActivationKind.Selu or ActivationKind.Elu => [T.Zero],
            ActivationKind.HardSigmoid => [Number(-3), Number(3)],
            ActivationKind.BoundedRelu => [_threshold, _maximum],
            _ => [],
        };

    private T Value(T x) =>
        activation.Kind switch
        {
            ActivationKind.Linear => x,
            ActivationKind.Relu => x < T.Zero ? T.Zero : x, // this way round a NaN stays one
            ActivationKind.LeakyRelu => x < T.Zero ? _slope * x : x,
            ActivationKind.Sigmoid => Sigmoid(x),
            ActivationKind.Tanh => T.Tanh(x),
            ActivationKind.Elu => x > T.Zero ? x : _slope * (T.Exp(x) - T.One),
            ActivationKind.Selu => s_scale * (x > T.Zero ? x : s_alpha * (T.Exp(x) - T.One)),
            ActivationKind.Exponential => T.Exp(x),
            ActivationKind.Softplus => Softplus(x),
            ActivationKind.Softsign => x / (T.One + T.Abs(x)),
            ActivationKind.Silu => x * Sigmoid(x),
            ActivationKind.Gelu => x * Phi(x),
            ActivationKind.Mish => x * T.Tanh(Softplus(x)),
            ActivationKind.HardSigmoid => T.Clamp(x / Number(6) + Number(0.5), T.Zero, T.One),
            ActivationKind.BoundedRelu => !(x > _threshold) ? _slope * (x - _threshold) // this way round a NaN stays one
            : x > _maximum ? _maximum
            : x,
            _ => throw new NotSupportedException($"There is no plain reference of {activation}."),
        };

    /// <summary>The derivative; at the kink of the ReLUs the one from below, as TensorFlow has it.</summary>
    private T Derivative(T x)
    {
        switch (activation.Kind)
        {
            case ActivationKind.Linear:
                return T.One;
            case ActivationKind.Relu:
                return x > T.Zero ? T.One : T.Zero;
            case ActivationKind.LeakyRelu:
                return x > T.Zero ? T.One : _slope;
            case ActivationKind.Sigmoid:
                var s = Sigmoid(x);
                return s * (T.One - s);
            case ActivationKind.Tanh:
                var t = T.Tanh(x);
                return T.One - t * t;
            case ActivationKind.Elu:
                return x > T.Zero ? T.One : _slope * T.Exp(x);
            case ActivationKind.Selu:
                return s_scale * (x > T.Zero ? T.One : s_alpha * T.Exp(x));
            case ActivationKind.Exponential:
                return T.Exp(x);
            case ActivationKind.Softplus:
                return Sigmoid(x);
            case ActivationKind.Softsign:
                var rest = T.One + T.Abs(x);
                return T.One / (rest * rest);
            case ActivationKind.Silu:
                return Sigmoid(x) * (T.One + x * (T.One - Sigmoid(x)));
            case ActivationKind.Gelu:
                return Phi(x) + x * T.Exp(-x * x / Number(2)) / T.Sqrt(T.Tau);
            case ActivationKind.Mish:
                var tanh = T.Tanh(Softplus(x));
                return tanh + x * Sigmoid(x) * (T.One - tanh * tanh);
            case ActivationKind.HardSigmoid:
                return T.Abs(x) < Number(3) ? T.One / Number(6) : T.Zero;
            case ActivationKind.BoundedRelu:
                return x < _threshold ? _slope
                    : x > _threshold && x < _maximum ? T.One
                    : T.Zero;
            default:
                throw new NotSupportedException($"There is no plain reference of {activation}.");
        }
    }

    private static T Sigmoid(T x) => T.One / (T.One + T.Exp(-x));

    private static T Softplus(T x) => T.Max(x, T.Zero) + T.LogP1(T.Exp(-T.Abs(x)));

    /// <summary>
    /// The normal distribution: ½ + φ(x) · Σ xⁿ / n!! over odd n (Abramowitz and Stegun, 26.2.11); all terms of one sign, so nothing cancels.
    /// Beyond ±10, where the sum needs more terms and in the end more room than there is, 0 or 1: less than 1e-23 is missing.
    /// </summary>
    private static T Phi(T x)
    {
        if (T.Abs(x) > Number(10))
            return x > T.Zero ? T.One : T.Zero;
        T sum = T.Zero,
            term = x;
        for (int n = 1; n < 400; n += 2)
        {
            sum += term;
            term = term * x * x / Number(n + 2);
        }
        return T.Clamp(Number(0.5) + sum * T.Exp(-x * x / Number(2)) / T.Sqrt(T.Tau), T.Zero, T.One);
    }

    private static T Number(double value) => T.CreateChecked(value);
}
