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
}
