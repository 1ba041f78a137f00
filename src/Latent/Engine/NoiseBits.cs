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
    public static ulong Uniform24(ulong key, int index) => Bits(key, index) >> 40;

    /// <summary>The least of these bits whose number is not below a rate from 0 to 1.</summary>
    public static ulong Least(float rate) => (ulong)Math.Ceiling((double)rate * (1 << 24));

    /// <summary>From the standard normal distribution (Box and Muller, 1958), with functions of our own: the same bits on every platform.</summary>
    public static float Gaussian(ulong key, int index)
    {
        ulong bits = Bits(key, index);
        float u = ((bits >> 40) + 1) * (1f / (1 << 24)), // in (0, 1]
            turn = (uint)(bits >> 8) * (1f / (1UL << 32)); // in [0, 1]
        return MathF.Sqrt(-2 * Functions.Log<Scalar, float>(u)) * CosineOfTurns(turn);
    }

    // cos 2πt = sin 2πv with v = ¼ − |t − ½| up to its sign, by the series of the sine to the 11th power.
    private static float CosineOfTurns(float turn)
    {
        float y = 2 * MathF.PI * (MathF.Abs(turn - 0.5f) - 0.25f),
            square = y * y;
        float p = -2.5052108e-8f;
        p = p * square + 2.7557319e-6f;
        p = p * square - 1.9841270e-4f;
        p = p * square + 8.3333333e-3f;
        p = p * square - 1.6666667e-1f;
        return p * square * y + y;
    }

    private static ulong Bits(ulong key, int index) => Mix(key + (ulong)index * 0x9E3779B97F4A7C15);

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
