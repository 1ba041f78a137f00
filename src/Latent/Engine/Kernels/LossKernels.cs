namespace Latent.Engine.Kernels;

/// <summary>A loss as a kernel: the term of one number and its derivative by the prediction. Delta is Huber's, and nothing to the others.</summary>
internal interface ILossKernel
{
    static abstract V Term<T, V>(V prediction, V target, V delta)
        where T : ISimd<V>
        where V : unmanaged;

    static abstract V Derivative<T, V>(V prediction, V target, V delta)
        where T : ISimd<V>
        where V : unmanaged;
}

internal struct SquaredError : ILossKernel
{
    public static V Term<T, V>(V prediction, V target, V delta)
        where T : ISimd<V>
        where V : unmanaged
    {
        V d = T.Subtract(prediction, target);
        return T.Multiply(d, d);
    }

    public static V Derivative<T, V>(V prediction, V target, V delta)
        where T : ISimd<V>
        where V : unmanaged
    {
        V d = T.Subtract(prediction, target);
        return T.Add(d, d);
    }
}

internal struct Crossentropy : ILossKernel
{
    /// <summary>What probabilities are clipped to, as in Keras.</summary>
    public const float Low = 1e-7f,
        High = 1 - 1e-7f;

    public static V Term<T, V>(V prediction, V target, V delta)
        where T : ISimd<V>
        where V : unmanaged
    {
        V p = Clip<T, V>(prediction),
            one = T.Broadcast(1);
        V yes = T.Multiply(target, Functions.Log<T, V>(p));
        V no = T.Multiply(T.Subtract(one, target), Functions.Log<T, V>(T.Subtract(one, p)));
        return T.Subtract(T.Subtract(T.Broadcast(0), yes), no);
    }

    public static V Derivative<T, V>(V prediction, V target, V delta)
        where T : ISimd<V>
        where V : unmanaged
    {
        V p = Clip<T, V>(prediction),
            one = T.Broadcast(1),
            zero = T.Broadcast(0);
        V slope = T.Divide(T.Subtract(p, target), T.Multiply(p, T.Subtract(one, p)));
        slope = T.WhereNegative(T.Subtract(prediction, T.Broadcast(Low)), zero, slope);
        return T.WherePositive(T.Subtract(prediction, T.Broadcast(High)), zero, slope);
    }

    private static V Clip<T, V>(V p)
        where T : ISimd<V>
        where V : unmanaged
    {
        V low = T.Broadcast(Low),
            high = T.Broadcast(High);
        p = T.WhereNegative(T.Subtract(p, low), low, p);
        return T.WherePositive(T.Subtract(p, high), high, p);
    }
}

internal struct AbsoluteError : ILossKernel
{
    public static V Term<T, V>(V prediction, V target, V delta)
        where T : ISimd<V>
        where V : unmanaged
    {
        V d = T.Subtract(prediction, target);
        return T.WhereNegative(d, T.Subtract(target, prediction), d);
    }

    public static V Derivative<T, V>(V prediction, V target, V delta)
        where T : ISimd<V>
        where V : unmanaged
    {
        V d = T.Subtract(prediction, target);
        return T.WhereNegative(d, T.Broadcast(-1), T.WherePositive(d, T.Broadcast(1), d)); // 0 and NaN stay
    }
}

internal struct HuberKernel : ILossKernel
{
    public static V Term<T, V>(V prediction, V target, V delta)
        where T : ISimd<V>
        where V : unmanaged
    {
        V half = T.Broadcast(0.5f),
            size = AbsoluteError.Term<T, V>(prediction, target, delta);
        V far = T.Multiply(delta, T.Subtract(size, T.Multiply(half, delta)));
        return T.WherePositive(T.Subtract(size, delta), far, T.Multiply(half, T.Multiply(size, size)));
    }

    public static V Derivative<T, V>(V prediction, V target, V delta)
        where T : ISimd<V>
        where V : unmanaged
    {
        V d = T.Subtract(prediction, target);
        d = T.WherePositive(T.Subtract(d, delta), delta, d);
        V least = T.Subtract(T.Broadcast(0), delta);
        return T.WhereNegative(T.Subtract(d, least), least, d);
    }
}

/// <summary>log cosh d as |d| + log(1 + e^−2|d|) − log 2: nothing overflows.</summary>
internal struct LogCoshKernel : ILossKernel
{
    public static V Term<T, V>(V prediction, V target, V delta)
        where T : ISimd<V>
        where V : unmanaged
    {
        V size = AbsoluteError.Term<T, V>(prediction, target, delta);
        V log = Functions.Softplus<T, V>(T.Multiply(size, T.Broadcast(-2)));
        return T.Subtract(T.Add(size, log), T.Broadcast(0.693147180559945309f));
    }

    public static V Derivative<T, V>(V prediction, V target, V delta)
        where T : ISimd<V>
        where V : unmanaged => Functions.Tanh<T, V>(T.Subtract(prediction, target));
}

/// <summary>A loss over one image: 16 partial sums and one fixed tree, so that the bits are the same at every width.</summary>
internal static unsafe class Losses
{
    /// <summary>
    /// The sum of the terms of one output; where <paramref name="gradient"/> is not null it becomes derivative · scale. It may be the target,
    /// but for a loss of the user's own.
    /// </summary>
    public static double Sum(Loss loss, float* prediction, float* target, float* gradient, float scale, Networks.Shape shape)
    {
        int count = shape.Size;
        return loss switch
        {
            MeanSquaredError => Sum<SquaredError>(prediction, target, gradient, scale, count, 0),
            BinaryCrossentropy => Sum<Crossentropy>(prediction, target, gradient, scale, count, 0),
            MeanAbsoluteError => Sum<AbsoluteError>(prediction, target, gradient, scale, count, 0),
            Huber huber => Sum<HuberKernel>(prediction, target, gradient, scale, count, huber.Delta),
            LogCosh => Sum<LogCoshKernel>(prediction, target, gradient, scale, count, 0),
            CategoricalCrossentropy { FromLogits: var logits } => CategoricalCrossentropies.Sum(
                prediction,
                target,
                gradient,
                scale,
                count / shape.Channels,
                shape.Channels,
                logits
            ),
            CustomLoss own => own.Sum(prediction, target, gradient, scale, shape),
            _ => throw new InvalidOperationException($"{loss.Name} has no kernel"),
        };
    }

    private static double Sum<TLoss>(float* prediction, float* target, float* gradient, float scale, int count, float delta)
        where TLoss : ILossKernel
    {
        float* lanes = stackalloc float[16];
        var map = new LaneMap<TLoss>
        {
            Prediction = prediction,
            Target = target,
            Gradient = gradient,
            Scale = scale,
            Delta = delta,
            Groups = count / 16,
            Sum = lanes,
        };
        Map.Run(map, 16);
        for (int i = count / 16 * 16; i < count; i++)
        {
            lanes[i % 16] += TLoss.Term<Scalar, float>(prediction[i], target[i], delta);
            if (gradient != null)
                gradient[i] = TLoss.Derivative<Scalar, float>(prediction[i], target[i], delta) * scale;
        }
        Sums.Fold(lanes, 1);
        return lanes[0];
    }

    private struct LaneMap<TLoss> : IMap
        where TLoss : ILossKernel
    {
        public float* Prediction,
            Target,
            Gradient,
            Sum;
        public float Scale,
            Delta;
        public int Groups;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V sum = T.Broadcast(0),
                scale = T.Broadcast(Scale),
                delta = T.Broadcast(Delta);
            int i = index;
            for (int groups = Groups; groups > 0; groups--, i += 16)
            {
                V prediction = *(V*)(Prediction + i),
                    target = *(V*)(Target + i);
                sum = T.Add(sum, TLoss.Term<T, V>(prediction, target, delta));
                if (Gradient != null)
                    *(V*)(Gradient + i) = T.Multiply(TLoss.Derivative<T, V>(prediction, target, delta), scale);
            }
            *(V*)(Sum + index) = sum;
        }
    }
}
