namespace Latent.Engine.Kernels;

/// <summary>L1 · Σ |x| + L2 · Σ x² and its gradient: 16 partial sums and one fixed tree, so that the bits are the same at every width.</summary>
internal static unsafe class Penalty
{
    /// <summary>The penalty; where <paramref name="gradient"/> is not null, L1 · sign x + 2 · L2 · x is added to it.</summary>
    public static double Of(float* x, float* gradient, float l1, float l2, int count)
    {
        float* lanes = stackalloc float[32];
        Map.Run(
            new LaneMap
            {
                X = x,
                Gradient = gradient,
                L1 = l1,
                L2 = l2,
                Groups = count / 16,
                Sums = lanes,
            },
            16
        );
        for (int i = count / 16 * 16; i < count; i++)
        {
            lanes[i % 16] += AbsoluteError.Term<Scalar, float>(x[i], 0, 0);
            lanes[16 + i % 16] += x[i] * x[i];
            if (gradient != null)
                gradient[i] += Slope<Scalar, float>(x[i], l1, 2 * l2);
        }
        Sums.Fold(lanes, 1);
        Sums.Fold(lanes + 16, 1);
        return (double)l1 * lanes[0] + (double)l2 * lanes[16];
    }

    private static V Slope<T, V>(V x, V l1, V twiceL2)
        where T : ISimd<V>
        where V : unmanaged => T.Add(T.Multiply(l1, AbsoluteError.Derivative<T, V>(x, T.Broadcast(0), l1)), T.Multiply(twiceL2, x));

    private struct LaneMap : IMap
    {
        public float* X,
            Gradient,
            Sums;
        public float L1,
            L2;
        public int Groups;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V sizes = T.Broadcast(0),
                squares = sizes,
                zero = sizes,
                l1 = T.Broadcast(L1),
                twiceL2 = T.Broadcast(2 * L2);
            int i = index;
            for (int groups = Groups; groups > 0; groups--, i += 16)
            {
                V x = *(V*)(X + i);
                sizes = T.Add(sizes, AbsoluteError.Term<T, V>(x, zero, zero));
                squares = T.Add(squares, T.Multiply(x, x));
                if (Gradient != null)
                    *(V*)(Gradient + i) = T.Add(*(V*)(Gradient + i), Slope<T, V>(x, l1, twiceL2));
            }
            *(V*)(Sums + index) = sizes;
            *(V*)(Sums + 16 + index) = squares;
        }
    }
}
