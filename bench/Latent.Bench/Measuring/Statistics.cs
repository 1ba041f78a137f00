namespace Latent.Bench.Measuring;

/// <summary>What many times come to.</summary>
internal static class Statistics
{
    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    /// <summary>With linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996; NumPy's default).</summary>
    /// <param name="values">At least one.</param>
    /// <param name="q">0 to 1.</param>
    public static double Quantile(IEnumerable<double> values, double q)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
            throw new ArgumentException("There are no values.", nameof(values));
        double position = q * (sorted.Length - 1);
        int below = (int)position,
            above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
