using System.Text.Json.Nodes;
using Latent.Data;
using Latent.Networks;

namespace Latent.Models;

/// <summary>
/// Where the codes of normal images lie, by their mean and covariance, so that how far another code is from them can be told. It is small: z · (z + 3) / 2
/// numbers for codes of z, and so kept in the model's file. Immutable and thread-safe.
/// </summary>
public sealed class CodeSpread
{
    /// <summary>The most numbers of a code: the covariance of more would not be a small part of a file.</summary>
    public const int MostNumbers = 256;

    private const double Ridge = 1e-4; // of the mean variance: codes may not vary in some direction at all

    private readonly float[] _mean;
    private readonly float[] _factor; // the lower triangle of the covariance's Cholesky factor, row by row

    private CodeSpread(float[] mean, float[] factor) => (_mean, _factor) = (mean, factor);

    /// <summary>How many numbers a code has.</summary>
    public int LatentSize => _mean.Length;

    /// <summary>Measures the codes of a model's normal images.</summary>
    /// <param name="model">The model.</param>
    /// <param name="normal">The images, at least two: those of the training, where all of these are normal.</param>
    /// <exception cref="LatentException">
    /// The images have another shape, there is only one, the codes are too large, or they are no finite numbers or all the same.
    /// </exception>
    public static CodeSpread Of(Autoencoder model, SampleSet normal)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(normal);
        return Of(model.Encode(normal), model.LatentSize);
    }

    /// <summary>Measures codes.</summary>
    /// <param name="codes">n × latent numbers, of at least two codes.</param>
    /// <param name="latentSize">How many numbers a code has, at most <see cref="MostNumbers"/>.</param>
    /// <exception cref="LatentException">The numbers are no whole codes or only one, too many for a code, not finite, or all the same.</exception>
    public static CodeSpread Of(ReadOnlySpan<float> codes, int latentSize)
    {
        if (latentSize is < 1 or > MostNumbers || codes.Length < 2 * latentSize || codes.Length % latentSize != 0)
            throw new LatentException(
                "How the codes are spread cannot be measured.",
                $"at least two codes of 1 to {MostNumbers} numbers",
                $"{codes.Length:N0} numbers for codes of {latentSize}"
            );
        int count = codes.Length / latentSize;
        var mean = new double[latentSize];
        for (int i = 0; i < codes.Length; i++)
            mean[i % latentSize] += codes[i];
        foreach (ref double m in mean.AsSpan())
            m /= count;
        var covariance = new double[latentSize * latentSize];
        var row = new double[latentSize];
        for (int n = 0; n < count; n++)
        {
            for (int j = 0; j < latentSize; j++)
                row[j] = codes[n * latentSize + j] - mean[j];
            for (int a = 0; a < latentSize; a++)
            for (int b = 0; b <= a; b++)
                covariance[a * latentSize + b] += row[a] * row[b];
        }
        double variance = 0;
        for (int a = 0; a < latentSize; a++)
            variance += covariance[a * latentSize + a] / count / latentSize;
        if (!(variance > 0) || !double.IsFinite(variance))
            throw new LatentException(
                "How the codes are spread cannot be measured.",
                "finite numbers that are not all the same",
                $"a mean variance of {variance}",
                "train the model first, or give other images"
            );
        return new([.. mean.Select(m => (float)m)], Factor(covariance, count, variance, latentSize));
    }

    /// <summary>
    /// How far a code is from the others: the square of Mahalanobis's distance over the numbers of a code, so about 1 on the average for those that
    /// were measured.
    /// </summary>
    /// <param name="code">Latent numbers.</param>
    /// <exception cref="LatentException">The code has another length.</exception>
    public double Distance(ReadOnlySpan<float> code)
    {
        int size = LatentSize;
        if (code.Length != size)
            throw new LatentException("The code does not fit those that were measured.", $"{size} numbers", $"{code.Length}");
        Span<double> solved = stackalloc double[MostNumbers];
        double sum = 0;
        for (int a = 0, at = 0; a < size; a++)
        {
            double x = (double)code[a] - _mean[a];
            for (int b = 0; b < a; b++)
                x -= _factor[at++] * solved[b];
            x /= _factor[at++];
            solved[a] = x;
            sum += x * x;
        }
        return sum / size;
    }

    private static float[] Factor(double[] covariance, int count, double variance, int size)
    {
        var lower = new double[size * size];
        var factor = new List<float>(size * (size + 1) / 2);
        for (int a = 0; a < size; a++)
        for (int b = 0; b <= a; b++)
        {
            double x = covariance[a * size + b] / count + (a == b ? Ridge * variance : 0);
            for (int k = 0; k < b; k++)
                x -= lower[a * size + k] * lower[b * size + k];
            lower[a * size + b] = a == b ? Math.Sqrt(Math.Max(x, Ridge * variance / 2)) : x / lower[b * size + b];
            factor.Add((float)lower[a * size + b]);
        }
        return [.. factor];
    }

    internal static JsonObject Write(CodeSpread spread) =>
        new() { ["mean"] = Base64Floats.Text(spread._mean), ["factor"] = Base64Floats.Text(spread._factor) };

    internal static CodeSpread Read(JsonReader json)
    {
        float[] mean = Base64Floats.Read(json, "mean") ?? [],
            factor = Base64Floats.Read(json, "factor") ?? [];
        bool good =
            mean.Length is >= 1 and <= MostNumbers
            && factor.Length == mean.Length * (mean.Length + 1) / 2
            && mean.All(float.IsFinite)
            && factor.All(float.IsFinite);
        for (int a = 0, at = 0; good && a < mean.Length; a++, at += a + 1)
            good = factor[at] > 0; // the diagonal, which is divided by
        return good
            ? new(mean, factor)
            : throw new LatentException(
                "How its codes are spread cannot be.",
                "a mean and the factor of a covariance",
                fix: "get the file again"
            );
    }
}
