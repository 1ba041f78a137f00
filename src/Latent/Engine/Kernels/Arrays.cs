using System.Runtime.CompilerServices;

namespace Latent.Engine.Kernels;

/// <summary>Moving and adding arrays.</summary>
internal static unsafe class Arrays
{
    /// <summary>Bytes 0 … 255 as 0 … 1: divided by 255, as every example of Keras does.</summary>
    public static void FromBytes(byte* source, float* to, int count) => Map.Run(new BytesMap { Source = source, To = to }, count);

    public static void Copy(float* source, float* to, int count) => Unsafe.CopyBlockUnaligned(to, source, (uint)count * sizeof(float));

    public static void Clear(float* to, int count) => Unsafe.InitBlockUnaligned(to, 0, (uint)count * sizeof(float));

    /// <summary>to ← to + source</summary>
    public static void Add(float* source, float* to, int count) => Map.Run(new AddMap { Source = source, To = to }, count);

    /// <summary>to ← source + bias, both of one pixel's channels, pixel by pixel</summary>
    public static void AddBias(float* source, float* to, int pixels, int channels, float* bias)
    {
        if (channels == 1)
            Map.Run(
                new AddConstantMap
                {
                    Source = source,
                    To = to,
                    Constant = *bias,
                },
                pixels
            );
        else
            for (int i = 0; i < pixels; i++)
                Map.Run(
                    new SumMap
                    {
                        A = source + i * channels,
                        B = bias,
                        To = to + i * channels,
                    },
                    channels
                );
    }

    /// <summary>
    /// to[column, row] ← source[row, column], in blocks that fit the first cache; writes run along memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceRow, float* to, nint toRow, int rows, int columns)
    {
        const int Block = 16;
        for (int r0 = 0; r0 < rows; r0 += Block)
        {
            int height = Math.Min(Block, rows - r0);
            for (int c = 0; c < columns; c++)
            {
                float* s = source + r0 * sourceRow + c,
                    t = to + c * toRow + r0;
                for (int r = 0; r < height; r++, s += sourceRow)
                    t[r] = *s;
            }
        }
    }

    /// <summary>to[i · toStep + k] ← to[…] + source[i · sourceStep + k] for i below count and k below length, i by i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddSpans(float* source, nint sourceStep, float* to, nint toStep, int count, int length)
    {
        if (length == 4)
        {
            for (; count > 0; count--, source += sourceStep, to += toStep)
            {
                to[0] += source[0];
                to[1] += source[1];
                to[2] += source[2];
                to[3] += source[3];
            }
            return;
        }
        for (; count > 0; count--, source += sourceStep, to += toStep)
            Map.Run(new AddMap { Source = source, To = to }, length);
    }

    private struct BytesMap : IMap
    {
        public byte* Source;
        public float* To;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged => *(V*)(To + index) = T.Divide(T.FromBytes(Source + index), T.Broadcast(255));
    }

    private struct AddMap : IMap
    {
        public float* Source,
            To;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            var to = (V*)(To + index);
            *to = T.Add(*to, *(V*)(Source + index));
        }
    }

    internal struct SumMap : IMap
    {
        public float* A,
            B,
            To;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged => *(V*)(To + index) = T.Add(*(V*)(A + index), *(V*)(B + index));
    }

    private struct AddConstantMap : IMap
    {
        public float* Source,
            To;
        public float Constant;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged => *(V*)(To + index) = T.Add(*(V*)(Source + index), T.Broadcast(Constant));
    }
}
