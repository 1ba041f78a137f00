using System.Text.Json.Nodes;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Models;

/// <summary>
/// Where the codes of a model's training images lie, so that new ones can be drawn: kept in the model's file. <c>CodeSampling.Fit</c> measures it.
/// Immutable and thread-safe.
/// </summary>
public sealed class CodeDistribution
{
    private const int Version = 1;

    private readonly float[] _low,
        _high;

    internal CodeDistribution(float[] low, float[] high, GaussianMixture gaussian, GaussianMixture mixture)
    {
        (_low, _high, Gaussian, Mixture) = (low, high, gaussian, mixture);
        bool fits =
            low.Length == gaussian.LatentSize
            && high.Length == low.Length
            && mixture.LatentSize == low.Length
            && gaussian.Components == 1
            && low.Zip(high).All(range => range.First <= range.Second && float.IsFinite(range.Second - range.First));
        if (!fits)
            throw new LatentException("The distribution of the codes cannot be.", "a range, a mean and a mixture of as many numbers");
    }

    /// <summary>How many numbers a code has.</summary>
    public int LatentSize => _low.Length;

    /// <summary>The 1st percentile of each number of the codes.</summary>
    public ReadOnlySpan<float> Low => _low;

    /// <summary>The 99th percentile of each number of the codes.</summary>
    public ReadOnlySpan<float> High => _high;

    /// <summary>The codes' mean and covariance: a mixture of one component.</summary>
    public GaussianMixture Gaussian { get; }

    /// <summary>A mixture of normal distributions.</summary>
    public GaussianMixture Mixture { get; }

    /// <summary>Draws codes. The same seed gives the same codes, and more of them begin with the same.</summary>
    /// <param name="source">What they are drawn from.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">Any number.</param>
    /// <returns>Count × latent numbers.</returns>
    /// <exception cref="LatentException">The count is below 1, or there is no such source.</exception>
    public float[] Sample(CodeSource source, int count, long seed = 0)
    {
        if (count < 1)
            throw new LatentException("There is nothing to draw.", "at least one code", $"{count}");
        var random = new RandomStream(seed, $"sample/{source}");
        return source switch
        {
            CodeSource.Uniform => Even(count, random),
            CodeSource.Gaussian => Gaussian.Sample(count, random),
            CodeSource.Mixture => Mixture.Sample(count, random),
            _ => throw new LatentException(
                "There is no such source of codes.",
                string.Join(", ", Enum.GetNames<CodeSource>()),
                $"{(int)source}"
            ),
        };
    }

    internal static JsonObject Write(CodeDistribution codes) =>
        new()
        {
            ["version"] = Version,
            ["size"] = codes.LatentSize,
            ["low"] = Base64Floats.Text(codes.Low),
            ["high"] = Base64Floats.Text(codes.High),
            ["gaussian"] = Write(codes.Gaussian),
            ["mixture"] = Write(codes.Mixture),
        };

    /// <summary>What was written; null of a newer version, which can be fitted again.</summary>
    internal static CodeDistribution? Read(JsonReader json)
    {
        if (json.Int("version") != Version)
            return null;
        int size = json.Int("size");
        return new(Floats(json, "low"), Floats(json, "high"), Mixture(json.Object("gaussian")), Mixture(json.Object("mixture")));

        GaussianMixture Mixture(JsonReader part) =>
            new(size, Floats(part, "weights"), Floats(part, "means"), Floats(part, "factors"), part.Bool("full"));
    }

    private static JsonObject Write(GaussianMixture mixture) =>
        new()
        {
            ["full"] = mixture.IsFull,
            ["weights"] = Base64Floats.Text(mixture.Weights),
            ["means"] = Base64Floats.Text(mixture.Means),
            ["factors"] = Base64Floats.Text(mixture.Factors),
        };

    private static float[] Floats(JsonReader json, string name) =>
        Base64Floats.Read(json, name)
        ?? throw new LatentException($"The numbers '{name}' of the codes' distribution cannot be read.", "32-bit floats in base64");

    private float[] Even(int count, RandomStream random)
    {
        var codes = new float[checked(count * LatentSize)];
        for (int i = 0; i < codes.Length; i++)
        {
            int j = i % LatentSize;
            codes[i] = (float)(_low[j] + ((double)_high[j] - _low[j]) * random.NextDouble());
        }
        return codes;
    }
}
