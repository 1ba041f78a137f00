namespace Latent.Analysis;

/// <summary>Where the codes of a set of images lie.</summary>
public static class CodeStatistics
{
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

    /// <summary>The 1st and the 99th percentile of each number of the codes, with linear interpolation.</summary>
    /// <param name="codes">n × latent numbers.</param>
    /// <param name="latentSize">How many numbers a code has.</param>
    /// <returns>A range for each number. Of numbers that are not finite it has no meaning.</returns>
    /// <exception cref="LatentException">There is no code, or the numbers are no whole number of codes.</exception>
    public static (double Low, double High)[] Ranges(ReadOnlySpan<float> codes, int latentSize)
    {
        int count = CodeRows.Count(codes, latentSize);
        float[][] columns = [.. Enumerable.Range(0, latentSize).Select(_ => new float[count])];
        for (int i = 0; i < codes.Length; i++)
            columns[i % latentSize][i / latentSize] = codes[i];
        var ranges = new (double, double)[latentSize];
        Parallel.For(
            0,
            latentSize,
            j =>
            {
                Array.Sort(columns[j]);
                ranges[j] = (Quantile.Of(columns[j], 0.01), Quantile.Of(columns[j], 0.99));
            }
        );
        return ranges;
    }
}
