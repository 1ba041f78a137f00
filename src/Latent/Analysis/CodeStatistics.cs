using System.Collections.Immutable;

namespace Latent.Analysis;

/// <summary>Where the numbers of one dimension of the codes lie.</summary>
/// <param name="Minimum">The smallest.</param>
/// <param name="Low">The 1st percentile.</param>
/// <param name="Mean">The mean.</param>
/// <param name="High">The 99th percentile.</param>
/// <param name="Maximum">The largest.</param>
/// <param name="StandardDeviation">The root of the mean squared distance from the mean.</param>
public sealed record CodeDimension(double Minimum, double Low, double Mean, double High, double Maximum, double StandardDeviation);

/// <summary>Where the codes of a set of images lie. Immutable and thread-safe.</summary>
public sealed class CodeStatistics
{
    private CodeStatistics(int count, ImmutableArray<CodeDimension> dimensions) => (Count, Dimensions) = (count, dimensions);

    /// <summary>How many codes were counted.</summary>
    public int Count { get; }

    /// <summary>A record for every number of a code.</summary>
    public ImmutableArray<CodeDimension> Dimensions { get; }

    /// <summary>The statistics of some codes.</summary>
    /// <param name="codes">n × latent numbers.</param>
    /// <param name="latentSize">How many numbers a code has.</param>
    /// <exception cref="LatentException">There is no code, or the numbers are no whole number of codes.</exception>
    public static CodeStatistics Of(ReadOnlySpan<float> codes, int latentSize)
    {
        int count = CodeRows.Count(codes, latentSize);
        var dimensions = ImmutableArray.CreateBuilder<CodeDimension>(latentSize);
        var values = new float[count];
        for (int d = 0; d < latentSize; d++)
        {
            for (int i = 0; i < count; i++)
                values[i] = codes[i * latentSize + d];
            Array.Sort(values);
            double sum = 0;
            foreach (float value in values)
                sum += value;
            double mean = sum / count;
            double squares = 0;
            foreach (float value in values)
                squares += (value - mean) * (value - mean);
            dimensions.Add(
                new(values[0], Quantile.Of(values, 0.01), mean, Quantile.Of(values, 0.99), values[^1], Math.Sqrt(squares / count))
            );
        }
        return new(count, dimensions.MoveToImmutable());
    }

    /// <summary>The share of codes with every number from −range to +range.</summary>
    /// <param name="codes">n × latent numbers.</param>
    /// <param name="latentSize">How many numbers a code has.</param>
    /// <param name="range">Half the side of the box.</param>
    /// <returns>0 to 1. A code that is not finite is outside.</returns>
    /// <exception cref="LatentException">There is no code, or the numbers are no whole number of codes.</exception>
    public static double ShareInside(ReadOnlySpan<float> codes, int latentSize, double range)
    {
        int count = CodeRows.Count(codes, latentSize);
        int inside = 0;
        for (int i = 0; i < count; i++)
        {
            bool all = true;
            foreach (float value in codes.Slice(i * latentSize, latentSize))
                all &= Math.Abs(value) <= range;
            if (all)
                inside++;
        }
        return (double)inside / count;
    }
}
