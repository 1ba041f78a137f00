namespace Latent.Engine.Kernels;

/// <summary>A loss as a kernel: the term of one number and its derivative by the prediction.</summary>
internal interface ILossKernel
{
    static abstract V Term<T, V>(V prediction, V target)
        where T : ISimd<V>
        where V : unmanaged;

    static abstract V Derivative<T, V>(V prediction, V target)
        where T : ISimd<V>
        where V : unmanaged;
}

internal struct SquaredError : ILossKernel
{
    public static V Term<T, V>(V prediction, V target)
        where T : ISimd<V>
        where V : unmanaged
    {
        V d = T.Subtract(prediction, target);
        return T.Multiply(d, d);
    }

    public static V Derivative<T, V>(V prediction, V target)
        where T : ISimd<V>
        where V : unmanaged
    {
        V d = T.Subtract(prediction, target);
        return T.Add(d, d);
    }
}

internal struct Crossentropy : ILossKernel
{
    private const float Low = 1e-7f,
        High = 1 - 1e-7f;

    public static V Term<T, V>(V prediction, V target)
        where T : ISimd<V>
        where V : unmanaged
    {
        V p = Clip<T, V>(prediction),
            one = T.Broadcast(1);
        V yes = T.Multiply(target, Functions.Log<T, V>(p));
        V no = T.Multiply(T.Subtract(one, target), Functions.Log<T, V>(T.Subtract(one, p)));
        return T.Subtract(T.Subtract(T.Broadcast(0), yes), no);
    }

    public static V Derivative<T, V>(V prediction, V target)
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

/// <summary>A loss over one image: 16 partial sums and one fixed tree, so that the bits are the same at every width.</summary>
internal static unsafe class Losses
{
    /// <summary>The sum of the terms; where <paramref name="gradient"/> is not null it becomes derivative · scale.</summary>
    public static double Sum(Loss loss, float* prediction, float* target, float* gradient, float scale, int count) =>
        loss switch
        {
            MeanSquaredError => Sum<SquaredError>(prediction, target, gradient, scale, count),
            BinaryCrossentropy => Sum<Crossentropy>(prediction, target, gradient, scale, count),
            _ => throw new InvalidOperationException($"{loss.Name} has no kernel"),
        };

    private static double Sum<TLoss>(float* prediction, float* target, float* gradient, float scale, int count)
        where TLoss : ILossKernel
    {
        float* lanes = stackalloc float[16];
        var map = new LaneMap<TLoss>
        {
            Prediction = prediction,
            Target = target,
            Gradient = gradient,
            Scale = scale,
            Groups = count / 16,
            Sum = lanes,
        };
        Map.Run(map, 16);
        for (int i = count / 16 * 16; i < count; i++)
        {
            lanes[i % 16] += TLoss.Term<Scalar, float>(prediction[i], target[i]);
            if (gradient != null)
                gradient[i] = TLoss.Derivative<Scalar, float>(prediction[i], target[i]) * scale;
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
        public float Scale;
        public int Groups;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V sum = T.Broadcast(0),
                scale = T.Broadcast(Scale);
            int i = index;
            for (int groups = Groups; groups > 0; groups--, i += 16)
            {
                V prediction = *(V*)(Prediction + i),
                    target = *(V*)(Target + i);
                sum = T.Add(sum, TLoss.Term<T, V>(prediction, target));
                if (Gradient != null)
                    *(V*)(Gradient + i) = T.Multiply(TLoss.Derivative<T, V>(prediction, target), scale);
            }
            *(V*)(Sum + index) = sum;
        }
    }
}
