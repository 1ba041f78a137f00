using System.Numerics;

namespace Latent;

/// <summary>Quantiles with linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996; NumPy's default).</summary>
internal static class Quantile
{
    /// <summary>The quantile of numbers in ascending order.</summary>
    /// <param name="sorted">At least one number, ascending.</param>
    /// <param name="q">0 to 1.</param>
    public static double Of<T>(ReadOnlySpan<T> sorted, double q)
        where T : INumber<T>
    {
        double position = q * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        double lower = double.CreateChecked(sorted[below]);
        return lower + (position - below) * (double.CreateChecked(sorted[above]) - lower);
    }
}
