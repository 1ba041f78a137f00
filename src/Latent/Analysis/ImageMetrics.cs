namespace Latent.Analysis;

/// <summary>How near images are to others. Numbers are pixels, as a rule from 0 to 1.</summary>
public static class ImageMetrics
{
    /// <summary>The mean of the squared differences.</summary>
    /// <returns>At least 0; NaN where a number is NaN.</returns>
    /// <exception cref="LatentException">There are no numbers, or not as many of both.</exception>
    public static double MeanSquaredError(ReadOnlySpan<float> images, ReadOnlySpan<float> others)
    {
        Check(images, others);
        double sum = 0;
        for (int i = 0; i < images.Length; i++)
        {
            double difference = (double)images[i] - others[i];
            sum += difference * difference;
        }
        return sum / images.Length;
    }

    /// <summary>The mean of the differences' magnitudes.</summary>
    /// <returns>At least 0; NaN where a number is NaN.</returns>
    /// <exception cref="LatentException">There are no numbers, or not as many of both.</exception>
    public static double MeanAbsoluteError(ReadOnlySpan<float> images, ReadOnlySpan<float> others)
    {
        Check(images, others);
        double sum = 0;
        for (int i = 0; i < images.Length; i++)
            sum += Math.Abs((double)images[i] - others[i]);
        return sum / images.Length;
    }

    /// <summary>The peak signal-to-noise ratio, 10 log₁₀(range² / mean squared error).</summary>
    /// <param name="images">Pixels.</param>
    /// <param name="others">As many.</param>
    /// <param name="range">The largest difference that two pixels can have, above 0.</param>
    /// <returns>Decibels; infinite for equal images.</returns>
    /// <exception cref="LatentException">There are no numbers, not as many of both, or the range is out of range.</exception>
    public static double Psnr(ReadOnlySpan<float> images, ReadOnlySpan<float> others, double range = 1)
    {
        CheckRange(range);
        return 10 * Math.Log10(range * range / MeanSquaredError(images, others));
    }

    internal static void CheckRange(double range)
    {
        if (!(range > 0) || !double.IsFinite(range))
            throw new LatentException("The range of the pixels is out of range.", "a number above 0", $"{range}");
    }

    private static void Check(ReadOnlySpan<float> images, ReadOnlySpan<float> others)
    {
        if (images.IsEmpty)
            throw new LatentException("There is nothing to compare.", "at least one number", "none");
        if (images.Length != others.Length)
            throw new LatentException("The images do not fit each other.", $"{images.Length} numbers", $"{others.Length}");
    }
}
