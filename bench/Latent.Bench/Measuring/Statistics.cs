namespace Latent.Bench.Measuring;

/// <summary>What many times come to.</summary>
internal static class Statistics
{
    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    /// <summary>As <see cref="Latent.Quantile"/> has it, of numbers in any order.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="q">0 to 1.</param>
    public static double Quantile(IEnumerable<double> values, double q)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
            throw new ArgumentException("There are no values.", nameof(values));
        return Latent.Quantile.Of<double>(sorted, q);
    }
}
