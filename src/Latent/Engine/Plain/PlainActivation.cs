using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>An activation function, number by number.</summary>
internal sealed class PlainActivation<T>(Shape shape, Activation activation) : PlainStep<T>(shape, shape)
    where T : IFloatingPointIeee754<T>
{
    private readonly T _slope = T.CreateChecked(activation.Slope);

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
        if (activation.Kind is ActivationKind.Relu or ActivationKind.LeakyRelu)
            foreach (var value in x)
                if (value != T.Zero)
                    distance = T.Min(distance, T.Abs(value));
        return distance;
    }

    private T Value(T x) =>
        activation.Kind switch
        {
            ActivationKind.Linear => x,
            ActivationKind.Relu => x < T.Zero ? T.Zero : x, // this way round a NaN stays one
            ActivationKind.LeakyRelu => x < T.Zero ? _slope * x : x,
            ActivationKind.Sigmoid => Sigmoid(x),
            ActivationKind.Tanh => T.Tanh(x),
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
            default:
                throw new NotSupportedException($"There is no plain reference of {activation}.");
        }
    }

    private static T Sigmoid(T x) => T.One / (T.One + T.Exp(-x));
}
