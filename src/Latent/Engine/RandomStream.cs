using System.Text;

namespace Latent.Engine;

/// <summary>
/// A stream of random numbers with the same bits on every platform and version (the normal distribution excepted, whose logarithm and cosine are
/// the platform's): xoshiro256++ (Blackman and Vigna, 2018), seeded by SplitMix64
/// from a seed and a name. Streams of different names are independent, so a new use of randomness changes no other. Not thread-safe.
/// </summary>
public sealed class RandomStream
{
    private ulong _a,
        _b,
        _c,
        _d;

    /// <summary>The stream of a seed and a name.</summary>
    /// <param name="seed">The run's one seed.</param>
    /// <param name="name">What the numbers are for: "shuffle/3", "weights/encoder/conv2d/kernel".</param>
    public RandomStream(long seed, string name)
    {
        ulong state = (ulong)seed;
        ulong hash = 14695981039346656037; // FNV-1a, 64 bits
        foreach (byte b in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ b) * 1099511628211;
        state = SplitMix(ref state) ^ hash;
        (_a, _b, _c, _d) = (SplitMix(ref state), SplitMix(ref state), SplitMix(ref state), SplitMix(ref state));
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = ulong.RotateLeft(_a + _d, 23) + _a;
        ulong t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 … bound − 1 without bias (Lemire, 2019).</summary>
    /// <param name="bound">At least 1.</param>
    public int Next(int bound)
    {
        ulong range = (ulong)bound;
        ulong threshold = (0UL - range) % range;
        while (true)
        {
            ulong high = Math.BigMul(NextBits(), range, out ulong low);
            if (low >= threshold)
                return (int)high;
        }
    }

    /// <summary>From the standard normal distribution (Box and Muller, 1958).</summary>
    public double NextGaussian() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Brings the items into random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
