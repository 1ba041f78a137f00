using System.Numerics;
using Latent.Engine.Kernels;

namespace Latent.Engine;

/// <summary>Random numbers by their place alone: no stream has to be kept, and any number can be drawn again (after SplitMix64).</summary>
internal static class NoiseBits
{
    /// <summary>A layer by its full name (FNV-1a, 64 bits).</summary>
    public static ulong Layer(string name)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in System.Text.Encoding.UTF8.GetBytes(name))
            hash = (hash ^ b) * 1099511628211;
        return hash;
    }

    /// <summary>What the numbers of one image at one step are drawn from.</summary>
    public static ulong Key(long seed, ulong layer, long step, int image) =>
        Mix(Mix(Mix((ulong)seed ^ layer) + (ulong)step) + (ulong)image);

    /// <summary>Uniform in [0, 1), 24 bits.</summary>
    public static float Uniform(ulong key, int index) => Uniform24(key, index) * (1f / (1 << 24));

    /// <summary>The 24 bits of <see cref="Uniform"/>.</summary>
    public static ulong Uniform24(ulong key, int index) => BitsOf(key, index) >> 40;

    /// <summary>The least of these bits whose number is not below a rate from 0 to 1.</summary>
    public static ulong Least(float rate) => (ulong)Math.Ceiling((double)rate * (1 << 24));

    /// <summary>One of 0 to bound − 1, for bounds far below 2²⁴, where each is as likely.</summary>
    public static int Below(int bound, ulong key, int index) => (int)((Uniform24(key, index) * (ulong)bound) >> 24);

    /// <summary>From the standard normal distribution.</summary>
    public static float Gaussian(ulong key, int index)
    {
        var (u, turn) = Two(key, index);
        return Gaussian<Scalar, float>(u, turn);
    }

    /// <summary>Two uniform numbers, in (0, 1] and in [0, 1].</summary>
    public static (float U, float Turn) Two(ulong key, int index)
    {
        ulong bits = BitsOf(key, index);
        return (((bits >> 40) + 1) * (1f / (1 << 24)), (uint)(bits >> 8) * (1f / (1UL << 32)));
    }

    /// <summary>
    /// From the standard normal distribution, of two uniform numbers (Box and Muller, 1958), with functions of our own: the same bits on every
    /// platform.
    /// </summary>
    public static V Gaussian<T, V>(V u, V turn)
        where T : ISimd<V>
        where V : unmanaged => T.Multiply(T.SquareRoot(T.Multiply(T.Broadcast(-2), Functions.Log<T, V>(u))), CosineOfTurns<T, V>(turn));

    // cos 2πt = sin 2πv with v = |t − ½| − ¼, by the series of the sine to the 11th power.
    internal static V CosineOfTurns<T, V>(V turn)
        where T : ISimd<V>
        where V : unmanaged
    {
        V half = T.Subtract(turn, T.Broadcast(0.5f)),
            size = T.WhereNegative(half, T.Subtract(T.Broadcast(0), half), half),
            y = T.Multiply(T.Broadcast(2 * MathF.PI), T.Subtract(size, T.Broadcast(0.25f))),
            square = T.Multiply(y, y),
            p = T.Broadcast(-2.5052108e-8f);
        p = T.Add(T.Multiply(p, square), T.Broadcast(2.7557319e-6f));
        p = T.Add(T.Multiply(p, square), T.Broadcast(-1.9841270e-4f));
        p = T.Add(T.Multiply(p, square), T.Broadcast(8.3333333e-3f));
        p = T.Add(T.Multiply(p, square), T.Broadcast(-1.6666667e-1f));
        return T.Add(T.Multiply(T.Multiply(p, square), y), y);
    }

    private static ulong BitsOf(ulong key, int index) => Mix(key + (ulong)index * 0x9E3779B97F4A7C15);

    /// <summary>The 64 bits of a number and of those behind it, as many as a vector has lanes.</summary>
    public static Vector<ulong> Bits(ulong key, int index)
    {
        var z = new Vector<ulong>(key) + (new Vector<ulong>((ulong)index) + Vector<ulong>.Indices) * 0x9E3779B97F4A7C15;
        z += new Vector<ulong>(0x9E3779B97F4A7C15);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EB;
        return z ^ (z >>> 31);
    }

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
