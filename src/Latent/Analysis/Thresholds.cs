namespace Latent.Analysis;

/// <summary>
/// Where scores become unusual. What is above a threshold is unusual, as <see cref="Models.CodecSettings.Threshold"/> has it. The images that
/// a threshold is chosen by must be neither those that the model was trained on nor those that it is tested with.
/// </summary>
public static class Thresholds
{
    /// <summary>
    /// The score that so many of some normal images stay at or below, with linear interpolation between two scores. Where images of both kinds
    /// are known, <see cref="Ranking.F1Max"/> gives the threshold of the highest F1.
    /// </summary>
    /// <param name="scores">The scores of normal images, at least one.</param>
    /// <param name="quantile">The part of them that passes, 0 to 1: 1 for the largest of their scores.</param>
    /// <exception cref="LatentException">There is no score, one is not finite, or the quantile is out of range.</exception>
    public static double OfNormal(ReadOnlySpan<double> scores, double quantile = 0.99)
    {
        if (!(quantile >= 0 && quantile <= 1))
            throw new LatentException("The quantile of a threshold is out of range.", "0 to 1", $"{quantile}");
        if (scores.IsEmpty)
            throw new LatentException("A threshold needs scores of normal images.", "at least one", "none");
        double[] sorted = scores.ToArray();
        if (Array.FindIndex(sorted, score => !double.IsFinite(score)) is >= 0 and var i)
            throw new LatentException("A score that a threshold is chosen by is not finite.", "finite numbers", $"{sorted[i]}");
        Array.Sort(sorted);
        return Quantile.Of<double>(sorted, quantile);
    }
}
