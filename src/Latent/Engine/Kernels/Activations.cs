using Latent.Networks;

namespace Latent.Engine.Kernels;

/// <summary>An activation function as a kernel: forward from its input, backward from its output.</summary>
internal interface IActivation
{
    static abstract V Forward<T, V>(V x, V slope)
        where T : ISimd<V>
        where V : unmanaged;

    /// <summary>The gradient to the input, from the output y and the gradient g to the output.</summary>
    static abstract V Backward<T, V>(V y, V g, V slope)
        where T : ISimd<V>
        where V : unmanaged;
}

internal struct ReluKernel : IActivation
{
    public static V Forward<T, V>(V x, V slope)
        where T : ISimd<V>
        where V : unmanaged => T.Relu(x);

    public static V Backward<T, V>(V y, V g, V slope)
        where T : ISimd<V>
        where V : unmanaged => T.WherePositive(y, g, T.Broadcast(0));
}

internal struct LeakyReluKernel : IActivation
{
    public static V Forward<T, V>(V x, V slope)
        where T : ISimd<V>
        where V : unmanaged => T.WherePositive(x, x, T.Multiply(x, slope));

    public static V Backward<T, V>(V y, V g, V slope)
        where T : ISimd<V>
        where V : unmanaged => T.WherePositive(y, g, T.Multiply(g, slope));
}

internal struct SigmoidKernel : IActivation
{
    public static V Forward<T, V>(V x, V slope)
        where T : ISimd<V>
        where V : unmanaged => Functions.Sigmoid<T, V>(x);

    public static V Backward<T, V>(V y, V g, V slope)
        where T : ISimd<V>
        where V : unmanaged => T.Multiply(g, T.Multiply(y, T.Subtract(T.Broadcast(1), y)));
}

internal struct TanhKernel : IActivation
{
    public static V Forward<T, V>(V x, V slope)
        where T : ISimd<V>
        where V : unmanaged => Functions.Tanh<T, V>(x);

    public static V Backward<T, V>(V y, V g, V slope)
        where T : ISimd<V>
        where V : unmanaged => T.Multiply(g, T.Subtract(T.Broadcast(1), T.Multiply(y, y)));
}

/// <summary>Activation functions over arrays, in place.</summary>
internal static unsafe class Activations
{
    /// <summary>x ← f(x)</summary>
    public static void Forward(Activation activation, float* x, int count)
    {
        switch (activation.Kind)
        {
            case ActivationKind.Relu:
                Map.Run(new ForwardMap<ReluKernel> { X = x }, count);
                break;
            case ActivationKind.LeakyRelu:
                Map.Run(new ForwardMap<LeakyReluKernel> { X = x, Slope = activation.Slope }, count);
                break;
            case ActivationKind.Sigmoid:
                Map.Run(new ForwardMap<SigmoidKernel> { X = x }, count);
                break;
            case ActivationKind.Tanh:
                Map.Run(new ForwardMap<TanhKernel> { X = x }, count);
                break;
        }
    }

    /// <summary>g ← g · f′, from the output y</summary>
    public static void Backward(Activation activation, float* y, float* g, int count)
    {
        switch (activation.Kind)
        {
            case ActivationKind.Relu:
                Map.Run(new BackwardMap<ReluKernel> { Y = y, G = g }, count);
                break;
            case ActivationKind.LeakyRelu:
                Map.Run(
                    new BackwardMap<LeakyReluKernel>
                    {
                        Y = y,
                        G = g,
                        Slope = activation.Slope,
                    },
                    count
                );
                break;
            case ActivationKind.Sigmoid:
                Map.Run(new BackwardMap<SigmoidKernel> { Y = y, G = g }, count);
                break;
            case ActivationKind.Tanh:
                Map.Run(new BackwardMap<TanhKernel> { Y = y, G = g }, count);
                break;
        }
    }

    private struct ForwardMap<TActivation> : IMap
        where TActivation : IActivation
    {
        public float* X;
        public float Slope;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            var x = (V*)(X + index);
            *x = TActivation.Forward<T, V>(*x, T.Broadcast(Slope));
        }
    }

    private struct BackwardMap<TActivation> : IMap
        where TActivation : IActivation
    {
        public float* Y,
            G;
        public float Slope;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            var g = (V*)(G + index);
            *g = TActivation.Backward<T, V>(*(V*)(Y + index), *g, T.Broadcast(Slope));
        }
    }
}
