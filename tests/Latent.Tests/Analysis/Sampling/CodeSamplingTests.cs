using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Latent.Analysis;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Engine;
using Latent.Tests.Shared;

namespace Latent.Tests.Analysis.Sampling;

public sealed class CodeSamplingTests
{
    /// <summary>Three clouds: of 50, 30 and 20 % of the codes, around (0, 0), (8, 0) and (0, 8), the first stretched along the diagonal.</summary>
    private static float[] Clouds(int count, int seed = 1)
    {
        var random = new RandomStream(seed, "clouds");
        var codes = new float[2 * count];
        for (int i = 0; i < count; i++)
        {
            double u = random.NextDouble();
            (double a, double b) = (random.NextGaussian(), random.NextGaussian());
            (double x, double y) =
                u < 0.5 ? (a + 0.3 * b, a - 0.3 * b)
                : u < 0.8 ? (8 + 0.5 * a, 0.5 * b)
                : (0.5 * a, 8 + 0.5 * b);
            (codes[2 * i], codes[2 * i + 1]) = ((float)x, (float)y);
        }
        return codes;
    }

    [Fact]
    public void The_mixture_finds_its_clouds()
    {
        var mixture = CodeSampling.Fit(Clouds(6000), 2, new() { Components = 3 }).Mixture;
        Assert.Equal(3, mixture.Components);
        (double Weight, double X, double Y)[] found =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(k => ((double)mixture.Weights[k], (double)mixture.Means[2 * k], (double)mixture.Means[2 * k + 1]))
                .OrderByDescending(part => part.Item1),
        ];
        (double Weight, double X, double Y)[] expected = [(0.5, 0, 0), (0.3, 8, 0), (0.2, 0, 8)];
        foreach (var (f, e) in found.Zip(expected))
        {
            Assert.Equal(e.Weight, f.Weight, 0.03);
            Assert.Equal(e.X, f.X, 0.1);
            Assert.Equal(e.Y, f.Y, 0.1);
        }
        int first = Enumerable.Range(0, 3).MaxBy(k => mixture.Weights[k]);
        var factor = mixture.Factors.Slice(3 * first, 3); // of [1.09 0.91; 0.91 1.09]
        Assert.Equal(1.09, factor[0] * factor[0], 0.1);
        Assert.Equal(0.91, factor[0] * factor[1], 0.1);
        Assert.Equal(1.09, factor[1] * factor[1] + factor[2] * factor[2], 0.1);
    }

    [Fact]
    public void Held_out_codes_choose_enough_components()
    {
        var distribution = CodeSampling.Fit(Clouds(3000), 2, new() { Components = 0 });
        Assert.InRange(distribution.Mixture.Components, 3, 10);
        var one = CodeSampling.Fit(Clouds(3000), 2, new() { Components = 1 });
        Assert.True(Mean(distribution.Mixture, Clouds(1000, 2)) > Mean(one.Mixture, Clouds(1000, 2)) + 0.5);
    }

    private static double Mean(GaussianMixture mixture, float[] codes) => codes.Chunk(2).Average(code => mixture.LogDensity(code));

    [Fact]
    public void A_density_is_the_textbooks()
    {
        var mixture = new GaussianMixture(2, [0.25f, 0.75f], [0, 0, 1, 2], [1, 0, 1, 2, 0.5f, 1], full: true);
        double Normal(double x, double s) => Math.Exp(-x * x / 2 / s / s) / s / Math.Sqrt(2 * Math.PI);
        // of the second the first number has deviation 2, and the second is 0.25 of it and 1 of its own
        double expected = 0.25 * Normal(0.5, 1) * Normal(-1, 1) + 0.75 * Normal(-0.5, 2) * Normal(-3 + 0.25 * 0.5, 1);
        Assert.Equal(Math.Log(expected), mixture.LogDensity([0.5f, -1]), 1e-9);
    }

    [Theory]
    [InlineData(CodeSource.Uniform)]
    [InlineData(CodeSource.Gaussian)]
    [InlineData(CodeSource.Mixture)]
    public void Samples_lie_as_the_codes_do(CodeSource source)
    {
        float[] codes = Clouds(6000);
        var distribution = CodeSampling.Fit(codes, 2);
        float[] samples = distribution.Sample(source, 20_000, seed: 3);
        Assert.Equal(samples, distribution.Sample(source, 20_000, seed: 3));
        Assert.Equal(samples[..200], distribution.Sample(source, 100, seed: 3));
        Assert.NotEqual(samples, distribution.Sample(source, 20_000, seed: 4));
        for (int j = 0; j < 2; j++)
        {
            double[] of = [.. codes.Where((_, i) => i % 2 == j)],
                drawn = [.. samples.Where((_, i) => i % 2 == j)];
            if (source == CodeSource.Uniform)
            {
                Assert.All(drawn, z => Assert.InRange(z, distribution.Low[j], distribution.High[j]));
                Assert.Equal((distribution.Low[j] + distribution.High[j]) / 2, drawn.Average(), 0.1);
                continue;
            }
            Assert.Equal(of.Average(), drawn.Average(), 0.15);
            Assert.Equal(Variance(of), Variance(drawn), 0.6);
        }

        static double Variance(double[] values) => values.Average(z => z * z) - values.Average() * values.Average();
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        string one = Hash(threads: 1);
        Assert.Equal(one, Hash(threads: 2));
        Assert.Equal(one, Hash(threads: 5));
    }

    /// <summary>Runs in processes of other register widths, which compare their hashes through a file.</summary>
    [Fact]
    public void Register_widths_give_the_same_mixture()
    {
        string path = Environment.GetEnvironmentVariable(WidthTests.HashFile) ?? "";
        Assert.SkipWhen(path.Length == 0, "WidthTests runs this in processes of its own");
        path += "-mixture";
        if (!File.Exists(path))
            File.WriteAllText(path, Hash(2));
        Assert.Equal(File.ReadAllText(path), Hash(2));
    }

    private static string Hash(int threads)
    {
        float[] codes = Clouds(1001);
        var full = CodeSampling.Fit(codes, 2, new() { Threads = threads }).Mixture;
        var wide = CodeSampling.Fit(codes.AsSpan(0, 40 * 50), 40, new() { Threads = threads, Components = 2 }).Mixture;
        Assert.False(wide.IsFull);
        var images = Latent.Data.Mnist.Load(Repository.Mnist).Train.Take(200);
        var nearest = NearestImages.Find(images.Slice(150, 50).Pixels.ToArray(), images.Take(150), threads);
        float[] numbers =
        [
            .. full.Weights,
            .. full.Means,
            .. full.Factors,
            .. wide.Means,
            .. wide.Factors,
            .. full.Sample(50, new(1, "x")),
            .. nearest.Select(found => (float)found.Distance),
        ];
        return Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<float>(numbers)));
    }

    public static TheoryData<string> Hard => ["one code", "all the same", "a flat cloud", "two points", "far apart"];

    [Theory]
    [MemberData(nameof(Hard))]
    public void Hard_codes_give_finite_mixtures(string kind)
    {
        float[] codes = kind switch
        {
            "one code" => [1, 2, 3],
            "all the same" => [.. Enumerable.Repeat(5f, 3 * 400)],
            "a flat cloud" => [.. Enumerable.Range(0, 3 * 500).Select(i => (i % 3 + 1) * (float)Math.Sin(i / 3))],
            "two points" => [.. Enumerable.Range(0, 3 * 500).Select(i => i / 3 % 2 * 1e-3f)],
            _ => [.. Enumerable.Range(0, 3 * 500).Select(i => i / 3 % 2 == 0 ? 1e18f : -1e18f)],
        };
        var distribution = CodeSampling.Fit(codes, 3);
        foreach (var source in Enum.GetValues<CodeSource>())
            Assert.All(distribution.Sample(source, 100), number => Assert.True(float.IsFinite(number)));
    }

    [Fact]
    public void Codes_that_are_not_finite_are_refused()
    {
        Assert.Throws<LatentException>(() => CodeSampling.Fit([1, float.NaN], 1));
        Assert.Throws<LatentException>(() => CodeSampling.Fit([1, 2], 1, new() { Components = 101 }));
        Assert.Throws<LatentException>(() => CodeSampling.Fit([1, 2, 3], 2));
    }

    [Fact]
    public void A_model_keeps_it()
    {
        using var folder = new TemporaryFolder();
        var distribution = CodeSampling.Fit(Clouds(500), 2);
        var model = new Autoencoder(Article.Encoder(2), Article.Decoder(2)) { Info = new() { Codes = distribution } };
        model.Save(folder["model.safetensors"]);
        var kept = Autoencoder.Open(folder["model.safetensors"]).Info.Codes!;
        foreach (var source in Enum.GetValues<CodeSource>())
            Assert.Equal(distribution.Sample(source, 50), kept.Sample(source, 50));
        model.Info = model.Info with { Codes = CodeSampling.Fit([1, 2, 3], 3) };
        model.Save(folder["model.safetensors"]);
        Assert.Contains("other codes", Assert.Throws<LatentException>(() => Autoencoder.Open(folder["model.safetensors"])).Message);
    }

    [Fact]
    public void The_largest_codes_that_are_kept_fit_a_model_file()
    {
        const int size = 16_384;
        var codes = new float[40 * size];
        var random = new RandomStream(1, "x");
        foreach (ref float code in codes.AsSpan())
            code = (float)random.NextGaussian();
        var distribution = CodeSampling.Fit(codes, size);
        Assert.InRange(ModelInfoJson.Write(new() { Codes = distribution }).ToJsonString().Length, 1, 1 << 20);
    }
}
