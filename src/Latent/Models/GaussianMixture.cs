using Latent.Engine;

namespace Latent.Models;

/// <summary>
/// A distribution of codes: a weighted sum of normal distributions, with full covariances or with diagonal ones. One component alone is a normal
/// distribution. Immutable and thread-safe.
/// </summary>
public sealed class GaussianMixture
{
    private readonly float[] _weights;
    private readonly float[] _means;
    private readonly float[] _factors;

    /// <summary>A mixture of arrays, which are not copied and must stay as they are.</summary>
    /// <exception cref="LatentException">The numbers are no mixture.</exception>
    internal GaussianMixture(int latentSize, float[] weights, float[] means, float[] factors, bool full)
    {
        (LatentSize, _weights, _means, _factors, IsFull) = (latentSize, weights, means, factors, full);
        bool fits =
            latentSize >= 1
            && weights.Length >= 1
            && means.Length == (long)weights.Length * latentSize
            && factors.Length == weights.Length * FactorSize(latentSize, full)
            && Array.TrueForAll(weights, w => w >= 0 && float.IsFinite(w))
            && weights.Sum(w => (double)w) > 0
            && Array.TrueForAll(means, float.IsFinite)
            && Array.TrueForAll(factors, float.IsFinite);
        if (!fits || !Deviations().All(s => s > 0))
            throw new LatentException(
                "The distribution of the codes cannot be.",
                "weights of at least 0, means, and deviations above 0, all finite",
                fix: "fit it again, or get the file again"
            );
    }

    /// <summary>How many numbers a code has.</summary>
    public int LatentSize { get; }

    /// <summary>How many components there are.</summary>
    public int Components => _weights.Length;

    /// <summary>Whether the covariances are full; else the numbers of a code are independent within a component.</summary>
    public bool IsFull { get; }

    /// <summary>The components' shares; their sum is about 1.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>The components' means: components × latent numbers.</summary>
    public ReadOnlySpan<float> Means => _means;

    /// <summary>
    /// For each component the lower triangle L of its covariance L·Lᵀ, row by row; or, where they are diagonal, its standard deviations.
    /// </summary>
    public ReadOnlySpan<float> Factors => _factors;

    internal static long FactorSize(int latentSize, bool full) => full ? (long)latentSize * (latentSize + 1) / 2 : latentSize;

    /// <summary>Draws codes: count × latent numbers.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="random">Where the chance comes from; the same stream gives the same codes.</param>
    public float[] Sample(int count, RandomStream random)
    {
        var codes = new float[checked(count * LatentSize)];
        double total = _weights.Sum(w => (double)w);
        int size = (int)FactorSize(LatentSize, IsFull);
        Span<double> normal = new double[LatentSize];
        for (int i = 0; i < count; i++)
        {
            int k = Pick(random.NextDouble() * total);
            foreach (ref double g in normal)
                g = random.NextGaussian();
            ReadOnlySpan<float> mean = _means.AsSpan(k * LatentSize, LatentSize),
                factor = _factors.AsSpan(k * size, size);
            for (int j = 0, at = 0; j < LatentSize; j++)
            {
                double sum = mean[j];
                if (!IsFull)
                    sum += factor[j] * normal[j];
                else
                    for (int m = 0; m <= j; m++)
                        sum += factor[at++] * normal[m];
                codes[i * LatentSize + j] = (float)sum;
            }
        }
        return codes;
    }

    /// <summary>The logarithm of the density at a code.</summary>
    /// <param name="code">As many numbers as a code has.</param>
    /// <exception cref="LatentException">It has another length.</exception>
    public double LogDensity(ReadOnlySpan<float> code)
    {
        if (code.Length != LatentSize)
            throw new LatentException("The code does not fit the distribution.", $"{LatentSize} numbers", $"{code.Length}");
        int size = (int)FactorSize(LatentSize, IsFull);
        double total = _weights.Sum(w => (double)w);
        var solved = new double[LatentSize];
        double highest = double.NegativeInfinity;
        var logs = new double[Components];
        for (int k = 0; k < Components; k++)
        {
            ReadOnlySpan<float> mean = _means.AsSpan(k * LatentSize, LatentSize),
                factor = _factors.AsSpan(k * size, size);
            double log = Math.Log(_weights[k] / total) - LatentSize / 2.0 * Math.Log(2 * Math.PI);
            for (int j = 0, at = 0; j < LatentSize; j++, at++)
            {
                double sum = (double)code[j] - mean[j];
                if (IsFull)
                    for (int m = 0; m < j; m++)
                        sum -= factor[at++] * solved[m];
                solved[j] = sum / factor[at];
                log -= solved[j] * solved[j] / 2 + Math.Log(factor[at]);
            }
            logs[k] = log;
            highest = Math.Max(highest, log);
        }
        return highest + Math.Log(logs.Sum(log => Math.Exp(log - highest)));
    }

    private int Pick(double target)
    {
        for (int k = 0; k < Components - 1; k++)
        {
            target -= _weights[k];
            if (target < 0)
                return k;
        }
        return Array.FindLastIndex(_weights, w => w > 0);
    }

    private IEnumerable<float> Deviations()
    {
        int size = (int)FactorSize(LatentSize, IsFull);
        for (int k = 0; k < Components; k++)
        for (int j = 0; j < LatentSize; j++)
            yield return _factors[k * size + (IsFull ? j * (j + 1) / 2 + j : j)];
    }
}
