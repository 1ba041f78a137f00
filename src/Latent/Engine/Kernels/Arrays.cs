using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Latent.Engine.Kernels;

/// <summary>Moving and adding arrays.</summary>
internal static unsafe class Arrays
{
    /// <summary>Bytes 0 … 255 as 0 … 1: divided by 255, as every example of Keras does.</summary>
    public static void FromBytes(byte* source, float* to, int count) => Map.Run(new BytesMap { Source = source, To = to }, count);

    public static void Copy(float* source, float* to, int count) => Unsafe.CopyBlockUnaligned(to, source, (uint)count * sizeof(float));

    public static void Clear(float* to, int count) => Unsafe.InitBlockUnaligned(to, 0, (uint)count * sizeof(float));

    /// <summary>to ← to + source</summary>
    public static void Add(float* source, float* to, int count) => Sum(to, source, to, count);

    /// <summary>to ← a + b</summary>
    public static void Sum(float* a, float* b, float* to, int count) =>
        Map.Run(
            new SumMap
            {
                A = a,
                B = b,
                To = to,
            },
            count
        );

    /// <summary>to ← source + bias, both of one pixel's channels, pixel by pixel</summary>
    public static void AddBias(float* source, float* to, int pixels, int channels, float* bias)
    {
        const int Together = 16; // pixels of few channels are added at once: a vector would stand mostly empty
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
        else if (channels >= Together)
            for (int i = 0; i < pixels; i++)
                Sum(source + i * channels, bias, to + i * channels, channels);
        else
        {
            float* biases = stackalloc float[Together * Together];
            for (int i = 0; i < Together; i++)
            for (int c = 0; c < channels; c++)
                biases[i * channels + c] = bias[c];
            for (int i = 0; i < pixels; i += Together)
                Sum(source + i * channels, biases, to + i * channels, Math.Min(Together, pixels - i) * channels);
        }
    }

    /// <summary>to[column, row] ← source[row, column], in blocks of 4 × 4 in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceRow, float* to, nint toRow, int rows, int columns)
    {
        int wholeRows = Sse.IsSupported ? rows / 4 * 4 : 0,
            wholeColumns = columns / 4 * 4;
        for (int c = 0; c < wholeColumns; c += 4)
        {
            float* s = source + c,
                t = to + c * toRow;
            for (int r = 0; r < wholeRows; r += 4, s += 4 * sourceRow, t += 4)
            {
                Vector128<float> a = Vector128.Load(s),
                    b = Vector128.Load(s + sourceRow),
                    d = Vector128.Load(s + 2 * sourceRow),
                    e = Vector128.Load(s + 3 * sourceRow);
                Vector128<float> low = Sse.UnpackLow(a, b),
                    high = Sse.UnpackHigh(a, b),
                    low2 = Sse.UnpackLow(d, e),
                    high2 = Sse.UnpackHigh(d, e);
                Sse.MoveLowToHigh(low, low2).Store(t);
                Sse.MoveHighToLow(low2, low).Store(t + toRow);
                Sse.MoveLowToHigh(high, high2).Store(t + 2 * toRow);
                Sse.MoveHighToLow(high2, high).Store(t + 3 * toRow);
            }
        }
        for (int r = 0; r < rows; r++)
        for (int c = r < wholeRows ? wholeColumns : 0; c < columns; c++)
            to[c * toRow + r] = source[r * sourceRow + c];
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
            Add(source, to, length);
    }

    private struct BytesMap : IMap
    {
        public byte* Source;
        public float* To;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged => *(V*)(To + index) = T.Divide(T.FromBytes(Source + index), T.Broadcast(255));
    }

    private struct SumMap : IMap
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
