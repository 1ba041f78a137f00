using System.Security.Cryptography;
using Latent.Analysis;
using Latent.Engine;

namespace Latent.Tests.Analysis.Archives;

public sealed class CodePackingTests
{
    private static float[] Normal(int count, int latent, int seed = 1)
    {
        var random = new RandomStream(seed, "codes");
        return [.. Enumerable.Range(0, count * latent).Select(i => (float)((1 + i % latent) * random.NextGaussian() + i % latent))];
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(1000, 7)]
    [InlineData(20_000, 3)] // counts are halved on the way
    public void Numbers_come_back_within_half_a_step(int count, int latent)
    {
        float[] codes = Normal(count, latent);
        foreach (int bits in (int[])[4, 8])
        {
            byte[] packed = CodePacking.Pack(codes, latent, bits);
            float[] back = CodePacking.Unpack(packed, count, latent, bits);
            for (int j = 0; j < latent; j++)
            {
                float[] column = [.. codes.Where((_, i) => i % latent == j)];
                double step = ((double)column.Max() - column.Min()) / ((1 << bits) - 1);
                for (int i = j; i < codes.Length; i += latent)
                    Assert.True(
                        Math.Abs((double)codes[i] - back[i]) <= step / 2 * 1.00001 + 1e-6,
                        $"{codes[i]} and {back[i]}, step {step}"
                    );
            }
            Assert.Equal(packed, CodePacking.Pack(codes, latent, bits));
        }
        Assert.Equal(codes, CodePacking.Unpack(CodePacking.Pack(codes, latent, 32), count, latent, 32));
    }

    [Fact]
    public void Ends_of_the_range_and_constant_numbers_come_back_exactly()
    {
        float[] codes = [-3, 7, 5, 7, 0.25f, 7];
        float[] back = CodePacking.Unpack(CodePacking.Pack(codes, 2, 4), 3, 2, 4);
        Assert.Equal([-3, 7, 5, 7], back[..4]);
        Assert.Equal(7, back[5]);
        float[] extreme = [float.MinValue, float.MaxValue, 0];
        Assert.Equal(float.MaxValue, CodePacking.Unpack(CodePacking.Pack(extreme, 1, 8), 3, 1, 8)[1]);
    }

    [Fact]
    public void The_coder_comes_near_the_entropy()
    {
        float[] codes = Normal(20_000, 1);
        (double low, double high) = (codes.Min(), codes.Max());
        double entropy = codes
            .GroupBy(code => (int)((code - low) / (high - low) * 255 + 0.5))
            .Sum(group => -group.Count() * Math.Log2(group.Count() / (double)codes.Length));
        int coded = CodePacking.Pack(codes, 1, 8).Length - 8;
        Assert.InRange(coded, entropy / 8, 1.03 * entropy / 8);
    }

    [Fact]
    public void Skewed_codes_take_next_to_nothing()
    {
        var codes = new float[50_000];
        codes[777] = 1;
        Assert.InRange(CodePacking.Pack(codes, 1, 8).Length, 9, 200);
        Assert.Equal(codes, CodePacking.Unpack(CodePacking.Pack(codes, 1, 8), codes.Length, 1, 8));
    }

    /// <summary>The bytes are a format: they may not change, on any machine.</summary>
    [Fact]
    public void The_bytes_are_these()
    {
        float[] codes = [.. Enumerable.Range(0, 3000).Select(i => i * 7919 % 1009 / 64f - 5)];
        string Hash(int bits) => Convert.ToHexStringLower(SHA256.HashData(CodePacking.Pack(codes, 3, bits)))[..16];
        Assert.Equal("8: 72fc6f0f08c61b80 4: d5e5f8095d82e217", $"8: {Hash(8)} 4: {Hash(4)}");
    }

    [Fact]
    public void Any_bytes_are_read_or_refused()
    {
        var random = new RandomStream(3, "fuzz");
        byte[] packed = CodePacking.Pack(Normal(100, 3), 3, 8);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. packed.AsSpan(0, random.Next(packed.Length + 1))];
            for (int n = random.Next(4); n > 0 && damaged.Length > 0; n--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Assert.All(CodePacking.Unpack(damaged, 100, 3, 8), number => Assert.True(float.IsFinite(number)));
            }
            catch (LatentException) { }
        }
    }

    [Fact]
    public void Wrong_requests_are_refused()
    {
        Assert.Throws<LatentException>(() => CodePacking.Pack([1, 2], 1, 7));
        Assert.Throws<LatentException>(() => CodePacking.Pack([1, 2, 3], 2, 8));
        Assert.Throws<LatentException>(() => CodePacking.Pack([float.NaN], 1, 8));
        Assert.Throws<LatentException>(() => CodePacking.Unpack(new byte[100], int.MaxValue, 1 << 20, 8));
    }
}
