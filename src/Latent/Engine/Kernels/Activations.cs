using Latent.Networks;

namespace Latent.Engine.Kernels;

/// <summary>The numbers of an activation function, for kernels.</summary>
internal readonly record struct ActivationNumbers(float Slope, float Threshold, float Maximum);

/// <summary>An activation function as a kernel.</summary>
internal interface IActivation
{
    static abstract V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged;

    /// <summary>
    /// The gradient to the input, from the gradient g to the output and from y: the output where the derivative follows from it
    /// (<see cref="Activation.HasDerivativeOfOutput"/>), else the input.
    /// </summary>
    static abstract V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged;
}

internal struct ReluKernel : IActivation
{
    public static V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => T.Relu(x);

    public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => T.WherePositive(y, g, T.Broadcast(0));
}

internal struct LeakyReluKernel : IActivation
{
    public static V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => T.WherePositive(x, x, T.Multiply(x, T.Broadcast(numbers.Slope)));

    public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => T.WherePositive(y, g, T.Multiply(g, T.Broadcast(numbers.Slope)));
}

internal struct SigmoidKernel : IActivation
{
    public static V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => Functions.Sigmoid<T, V>(x);

    public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => T.Multiply(g, T.Multiply(y, T.Subtract(T.Broadcast(1), y)));
}

internal struct TanhKernel : IActivation
{
    public static V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => Functions.Tanh<T, V>(x);

    public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => T.Multiply(g, T.Subtract(T.Broadcast(1), T.Multiply(y, y)));
}

/// <summary>
/// α (eˣ − 1) below 0. Near 0 the difference loses digits that are small beside the layer's other numbers. With an α below 0 the output does
/// not tell which side it is from, so the derivative is from the input.
/// </summary>
internal struct EluKernel : IActivation
{
    public static V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged =>
        T.WherePositive(x, x, T.Multiply(T.Broadcast(numbers.Slope), T.Subtract(Functions.Exp<T, V>(x), T.Broadcast(1))));

    public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged
    {
        V slope = T.Broadcast(numbers.Slope);
        V below = numbers.Slope < 0 ? T.Multiply(slope, Functions.Exp<T, V>(y)) : T.Add(y, slope);
        return T.WherePositive(y, g, T.Multiply(g, below));
    }
}

/// <summary>Two numbers of Klambauer et al. (2017), which make mean 0 and variance 1 a fixed point.</summary>
internal struct SeluKernel : IActivation
{
    public static V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged
    {
        V below = T.Multiply(T.Broadcast(Scale * Alpha), T.Subtract(Functions.Exp<T, V>(x), T.Broadcast(1)));
        return T.WherePositive(x, T.Multiply(x, T.Broadcast(Scale)), below);
    }

    public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => T.Multiply(g, T.WherePositive(y, T.Broadcast(Scale), T.Add(y, T.Broadcast(Scale * Alpha))));

    private const float Scale = 1.05070098735548049f,
        Alpha = 1.67326324235437729f;
}

/// <summary>eˣ</summary>
internal struct ExponentialKernel : IActivation
{
    public static V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => Functions.Exp<T, V>(x);

    public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => T.Multiply(g, y);
}

/// <summary>Its derivative is the sigmoid, 1 − e⁻ʸ.</summary>
internal struct SoftplusKernel : IActivation
{
    public static V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => Functions.Softplus<T, V>(x);

    public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => T.Multiply(g, T.Subtract(T.Broadcast(1), Functions.Exp<T, V>(T.Subtract(T.Broadcast(0), y))));
}

/// <summary>Its derivative is (1 − |y|)².</summary>
internal struct SoftsignKernel : IActivation
{
    public static V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => T.Divide(x, T.Add(T.Broadcast(1), T.WhereNegative(x, T.Subtract(T.Broadcast(0), x), x)));

    public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged
    {
        V rest = T.Subtract(T.Broadcast(1), T.WhereNegative(y, T.Subtract(T.Broadcast(0), y), y));
        return T.Multiply(g, T.Multiply(rest, rest));
    }
}

/// <summary>x / 6 + ½, held in 0 … 1</summary>
internal struct HardSigmoidKernel : IActivation
{
    public static V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => Hold<T, V>(T.MultiplyAdd(x, T.Broadcast(1f / 6), T.Broadcast(0.5f)));

    public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged
    {
        V zero = T.Broadcast(0),
            sixth = T.Multiply(g, T.Broadcast(1f / 6));
        return T.WherePositive(y, T.WhereNegative(T.Subtract(y, T.Broadcast(1)), sixth, zero), zero);
    }

    private static V Hold<T, V>(V x)
        where T : ISimd<V>
        where V : unmanaged
    {
        V one = T.Broadcast(1);
        x = T.Relu(x);
        return T.WherePositive(T.Subtract(x, one), one, x);
    }
}

/// <summary>From the input: s (1 + x (1 − s)) with the sigmoid s.</summary>
internal struct SiluKernel : IActivation
{
    public static V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => T.Multiply(x, Functions.Sigmoid<T, V>(x));

    public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged
    {
        V one = T.Broadcast(1),
            s = Functions.Sigmoid<T, V>(y);
        return T.Multiply(g, T.Multiply(s, T.MultiplyAdd(y, T.Subtract(one, s), one)));
    }
}

/// <summary>From the input: Φ(x) + x φ(x).</summary>
internal struct GeluKernel : IActivation
{
    public static V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => T.Multiply(x, Phi<T, V>(x));

    public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged
    {
        V density = T.Multiply(T.Broadcast(0.398942280401432678f), Functions.Exp<T, V>(T.Multiply(T.Broadcast(-0.5f), T.Multiply(y, y))));
        return T.Multiply(g, T.MultiplyAdd(y, density, Phi<T, V>(y)));
    }

    private static V Phi<T, V>(V x)
        where T : ISimd<V>
        where V : unmanaged
    {
        V half = T.Broadcast(0.5f);
        return T.MultiplyAdd(half, Functions.Erf<T, V>(T.Multiply(x, T.Broadcast(0.707106781186547524f))), half);
    }
}

/// <summary>From the input: t + x s (1 − t²) with t = tanh(softplus x) and the sigmoid s.</summary>
internal struct MishKernel : IActivation
{
    public static V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged => T.Multiply(x, Functions.Tanh<T, V>(Functions.Softplus<T, V>(x)));

    public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged
    {
        V t = Functions.Tanh<T, V>(Functions.Softplus<T, V>(y)),
            s = Functions.Sigmoid<T, V>(y);
        return T.Multiply(g, T.MultiplyAdd(T.Multiply(y, s), T.Subtract(T.Broadcast(1), T.Multiply(t, t)), t));
    }
}

/// <summary>From the input.</summary>
internal struct BoundedReluKernel : IActivation
{
    public static V Forward<T, V>(V x, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged
    {
        V threshold = T.Broadcast(numbers.Threshold),
            maximum = T.Broadcast(numbers.Maximum);
        V above = T.WherePositive(T.Subtract(x, maximum), maximum, x),
            below = T.Multiply(T.Broadcast(numbers.Slope), T.Subtract(x, threshold));
        return T.WherePositive(T.Subtract(x, threshold), above, below);
    }

    public static V Backward<T, V>(V y, V g, in ActivationNumbers numbers)
        where T : ISimd<V>
        where V : unmanaged
    {
        V zero = T.Broadcast(0),
            past = T.Subtract(y, T.Broadcast(numbers.Threshold)),
            below = T.WhereNegative(past, T.Multiply(T.Broadcast(numbers.Slope), g), zero),
            above = T.WhereNegative(T.Subtract(y, T.Broadcast(numbers.Maximum)), g, zero);
        return T.WherePositive(past, above, below);
    }
}

/// <summary>Activation functions over arrays, in place.</summary>
internal static unsafe class Activations
{
    /// <summary>x ← f(x)</summary>
    public static void Forward(Activation activation, float* x, int count) => Run(activation, null, x, count);

    /// <summary>g ← g · f′, from the output y where the derivative follows from it, else from the input.</summary>
    public static void Backward(Activation activation, float* y, float* g, int count) => Run(activation, y, g, count);

    // y is null on the way forward
    private static void Run(Activation activation, float* y, float* values, int count)
    {
        switch (activation.Kind)
        {
            case ActivationKind.Relu:
                Run<ReluKernel>(activation, y, values, count);
                break;
            case ActivationKind.LeakyRelu:
                Run<LeakyReluKernel>(activation, y, values, count);
                break;
            case ActivationKind.Sigmoid:
                Run<SigmoidKernel>(activation, y, values, count);
                break;
            case ActivationKind.Tanh:
                Run<TanhKernel>(activation, y, values, count);
                break;
            case ActivationKind.Elu:
                Run<EluKernel>(activation, y, values, count);
                break;
            case ActivationKind.Selu:
                Run<SeluKernel>(activation, y, values, count);
                break;
            case ActivationKind.Exponential:
                Run<ExponentialKernel>(activation, y, values, count);
                break;
            case ActivationKind.Softplus:
                Run<SoftplusKernel>(activation, y, values, count);
                break;
            case ActivationKind.Softsign:
                Run<SoftsignKernel>(activation, y, values, count);
                break;
            case ActivationKind.Silu:
                Run<SiluKernel>(activation, y, values, count);
                break;
            case ActivationKind.Gelu:
                Run<GeluKernel>(activation, y, values, count);
                break;
            case ActivationKind.Mish:
                Run<MishKernel>(activation, y, values, count);
                break;
            case ActivationKind.HardSigmoid:
                Run<HardSigmoidKernel>(activation, y, values, count);
                break;
            case ActivationKind.BoundedRelu:
                Run<BoundedReluKernel>(activation, y, values, count);
                break;
        }
    }

    private static void Run<TActivation>(Activation activation, float* y, float* values, int count)
        where TActivation : IActivation
    {
        var numbers = new ActivationNumbers(activation.Slope, activation.Threshold, activation.Maximum);
        if (y == null)
            Map.Run(new ForwardMap<TActivation> { X = values, Numbers = numbers }, count);
        else
            Map.Run(
                new BackwardMap<TActivation>
                {
                    Y = y,
                    G = values,
                    Numbers = numbers,
                },
                count
            );
    }

    private struct ForwardMap<TActivation> : IMap
        where TActivation : IActivation
    {
        public float* X;
        public ActivationNumbers Numbers;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            var x = (V*)(X + index);
            *x = TActivation.Forward<T, V>(*x, Numbers);
        }
    }

    private struct BackwardMap<TActivation> : IMap
        where TActivation : IActivation
    {
        public float* Y,
            G;
        public ActivationNumbers Numbers;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            var g = (V*)(G + index);
            *g = TActivation.Backward<T, V>(*(V*)(Y + index), *g, Numbers);
        }
    }
}
