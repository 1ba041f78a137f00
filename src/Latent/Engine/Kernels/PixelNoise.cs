using System.Numerics;
using System.Runtime.CompilerServices;

namespace Latent.Engine.Kernels;

/// <summary>
/// Noise on the pixels of an image, in place. Numbers are drawn for 32 places at a time, by integers in vectors of any width: all of it gives
/// the same bits on every machine.
/// </summary>
internal static unsafe class PixelNoise
{
    private const int Draws = 32; // at a time, a multiple of every vector's lanes
    private const float To1 = 1f / (1 << 24);

    /// <summary>
    /// x ← clip(x + deviation · n), n from the standard normal distribution. One draw gives two numbers, 32 places apart (Box and Muller, 1958:
    /// the cosine and the sine).
    /// </summary>
    [SkipLocalsInit]
    public static void AddGaussian(float* image, int count, float deviation, ulong key)
    {
        const int Together = 2 * Draws;
        float* u = stackalloc float[2 * Draws + Together],
            turn = u + Draws,
            last = turn + Draws;
        for (int i = 0; i < count; i += Together)
        {
            Draw(key, i / 2, u, turn);
            int rest = count - i;
            float* pixels = rest >= Together ? image + i : last;
            if (rest < Together)
            {
                Arrays.Clear(last, Together);
                Arrays.Copy(image + i, last, rest);
            }
            Map.Run(
                new GaussianMap
                {
                    Pixels = pixels,
                    U = u,
                    Turn = turn,
                    Deviation = deviation,
                },
                Draws
            );
            if (rest < Together)
                Arrays.Copy(last, image + i, rest);
        }
    }

    /// <summary>Each pixel with a probability 0 or 1 in all channels.</summary>
    [SkipLocalsInit]
    public static void SaltAndPepper(float* image, int pixels, int channels, float rate, ulong key)
    {
        float* u = stackalloc float[2 * Draws],
            turn = u + Draws;
        for (int i = 0; i < pixels; i += Draws)
        {
            Draw(key, i, u, turn);
            int count = Math.Min(Draws, pixels - i);
            if (channels == 1)
            {
                Map.Run(
                    new SaltPepperMap
                    {
                        Pixels = image + i,
                        U = u,
                        Turn = turn,
                        Rate = rate,
                    },
                    count
                );
                continue;
            }
            for (int k = 0; k < count; k++)
                if (u[k] <= rate)
                    new Span<float>(image + (nint)(i + k) * channels, channels).Fill(turn[k] < 0.5f ? 0 : 1);
        }
    }

    /// <summary>x ← clip(x + by)</summary>
    public static void Brighten(float* image, int count, float by) => Map.Run(new BrightnessMap { Pixels = image, By = by }, count);

    /// <summary>For 32 places two uniform numbers of 24 bits: in (0, 1] and in [0, 1).</summary>
    private static void Draw(ulong key, int first, float* u, float* turn)
    {
        ulong* bits = stackalloc ulong[Draws];
        for (int i = 0; i < Draws; i += Vector<ulong>.Count)
            NoiseBits.Bits(key, first + i).Store(bits + i);
        for (int i = 0; i < Draws; i += Vector<uint>.Count)
        {
            Vector<ulong> low = Vector.Load(bits + i),
                high = Vector.Load(bits + i + Vector<ulong>.Count),
                mask = new(0xFFFFFF);
            var upper = Vector.Narrow(low >>> 40, high >>> 40);
            var lower = Vector.Narrow((low >>> 16) & mask, (high >>> 16) & mask);
            (Vector.ConvertToSingle((upper + Vector<uint>.One).As<uint, int>()) * To1).Store(u + i);
            (Vector.ConvertToSingle(lower.As<uint, int>()) * To1).Store(turn + i);
        }
    }

    /// <summary>Held in 0 to 1; a NaN stays one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Clipped<T, V>(V x)
        where T : ISimd<V>
        where V : unmanaged
    {
        V one = T.Broadcast(1);
        x = T.WhereNegative(x, T.Broadcast(0), x);
        return T.WherePositive(T.Subtract(x, one), one, x);
    }

    private struct GaussianMap : IMap
    {
        public float* Pixels,
            U,
            Turn;
        public float Deviation;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V turn = *(V*)(Turn + index),
                quarter = T.Broadcast(0.25f),
                before = T.Subtract(turn, quarter); // sin 2πt = cos 2π(t − ¼)
            before = T.WhereNegative(before, T.Add(before, T.Broadcast(1)), before);
            V length = T.Multiply(T.Broadcast(Deviation), T.SquareRoot(T.Multiply(T.Broadcast(-2), Functions.Log<T, V>(*(V*)(U + index)))));
            V* first = (V*)(Pixels + index),
                second = (V*)(Pixels + Draws + index);
            *first = Clipped<T, V>(T.MultiplyAdd(length, NoiseBits.CosineOfTurns<T, V>(turn), *first));
            *second = Clipped<T, V>(T.MultiplyAdd(length, NoiseBits.CosineOfTurns<T, V>(before), *second));
        }
    }

    private struct SaltPepperMap : IMap
    {
        public float* Pixels,
            U,
            Turn;
        public float Rate;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V* pixel = (V*)(Pixels + index);
            V value = T.WhereNegative(T.Subtract(*(V*)(Turn + index), T.Broadcast(0.5f)), T.Broadcast(0), T.Broadcast(1));
            *pixel = T.WherePositive(T.Subtract(*(V*)(U + index), T.Broadcast(Rate)), *pixel, value);
        }
    }

    private struct BrightnessMap : IMap
    {
        public float* Pixels;
        public float By;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged => *(V*)(Pixels + index) = Clipped<T, V>(T.Add(*(V*)(Pixels + index), T.Broadcast(By)));
    }
}
