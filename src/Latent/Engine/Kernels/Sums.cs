namespace Latent.Engine.Kernels;

/// <summary>
/// Sums over pixels. Where they run across lanes they take 16 partial sums and one fixed tree at every vector width, so that the bits are the
/// same everywhere.
/// </summary>
internal static unsafe class Sums
{
    /// <summary>sum[c] ← sum[c] + Σ of channel c over the pixels of some rows.</summary>
    public static void AddPixels(float* x, int rows, nint rowStride, int pixels, int channels, float* sum)
    {
        if (channels > 8 || 16 % channels != 0)
        {
            Map.Run(
                new ChannelMap
                {
                    X = x,
                    RowStride = rowStride,
                    Rows = rows,
                    Pixels = pixels,
                    Channels = channels,
                    Sum = sum,
                },
                channels
            );
            return;
        }
        float* lanes = stackalloc float[16];
        Map.Run(
            new LaneMap
            {
                X = x,
                RowStride = rowStride,
                Rows = rows,
                Count = pixels * channels,
                Sum = lanes,
            },
            16
        );
        int rest = pixels * channels % 16;
        for (int row = 0; row < rows; row++)
        {
            float* end = x + row * rowStride + pixels * channels - rest;
            for (int i = 0; i < rest; i++)
                lanes[i] += end[i];
        }
        Fold(lanes, channels);
        for (int c = 0; c < channels; c++)
            sum[c] += lanes[c];
    }

    /// <summary>Σ x² of a multiple of 16 numbers; runs of 1024 are added in double precision.</summary>
    public static double Squares(float* x, int count)
    {
        const int Run = 1024;
        float* lanes = stackalloc float[16];
        double sum = 0;
        for (int i = 0; i < count; i += Run)
        {
            Map.Run(
                new SquareMap
                {
                    X = x + i,
                    Groups = Math.Min(Run, count - i) / 16,
                    Sum = lanes,
                },
                16
            );
            Fold(lanes, 1);
            sum += lanes[0];
        }
        return sum;
    }

    /// <summary>Adds 16 lanes in a fixed tree until <paramref name="keep"/> (a power of two) are left.</summary>
    public static void Fold(float* lanes, int keep)
    {
        for (int half = 8; half >= keep; half /= 2)
        for (int i = 0; i < half; i++)
            lanes[i] += lanes[i + half];
    }

    // Four partial sums by the pixel's place in its row: one would wait for itself at each addition.
    private struct ChannelMap : IMap
    {
        public float* X,
            Sum;
        public nint RowStride;
        public int Rows,
            Pixels,
            Channels;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V a = T.Broadcast(0),
                b = a,
                c = a,
                d = a;
            nint step = Channels;
            for (int row = 0; row < Rows; row++)
            {
                float* x = X + row * RowStride + index;
                int left = Pixels;
                for (; left >= 4; left -= 4, x += 4 * step)
                {
                    a = T.Add(a, *(V*)x);
                    b = T.Add(b, *(V*)(x + step));
                    c = T.Add(c, *(V*)(x + 2 * step));
                    d = T.Add(d, *(V*)(x + 3 * step));
                }
                if (left > 0)
                    a = T.Add(a, *(V*)x);
                if (left > 1)
                    b = T.Add(b, *(V*)(x + step));
                if (left > 2)
                    c = T.Add(c, *(V*)(x + 2 * step));
            }
            var sum = (V*)(Sum + index);
            *sum = T.Add(*sum, T.Add(T.Add(a, b), T.Add(c, d)));
        }
    }

    private struct LaneMap : IMap
    {
        public float* X,
            Sum;
        public nint RowStride;
        public int Rows,
            Count;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V sum = T.Broadcast(0);
            for (int row = 0; row < Rows; row++)
            {
                float* x = X + row * RowStride + index;
                for (int groups = Count / 16; groups > 0; groups--, x += 16)
                    sum = T.Add(sum, *(V*)x);
            }
            *(V*)(Sum + index) = sum;
        }
    }

    private struct SquareMap : IMap
    {
        public float* X,
            Sum;
        public int Groups;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V sum = T.Broadcast(0);
            float* x = X + index;
            for (int groups = Groups; groups > 0; groups--, x += 16)
                sum = T.MultiplyAdd(*(V*)x, *(V*)x, sum);
            *(V*)(Sum + index) = sum;
        }
    }
}
