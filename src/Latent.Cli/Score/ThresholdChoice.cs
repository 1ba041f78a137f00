using Latent.Analysis;
using Latent.Cli.Parsing;

namespace Latent.Cli.Score;

/// <summary>How a threshold is chosen.</summary>
/// <param name="Percent">So many per cent of the normal images stay at or below it; null for another way.</param>
/// <param name="Number">This number; null for another way.</param>
internal sealed record ThresholdChoice(double? Percent, double? Number)
{
    /// <summary>What the parser expects, for messages.</summary>
    public const string Expected = "percentile:P with P from 0 to 100, f1, or a finite number of at least 0";

    private const string Percentile = "percentile:";

    /// <summary>Whether the scores of images are needed for it, and not only the number that was given.</summary>
    public bool NeedsScores => Number is null;

    /// <summary>Whether images of both kinds are needed for it.</summary>
    public bool NeedsKinds => Number is null && Percent is null;

    /// <summary>"percentile:99", "f1" or a number; null for anything else.</summary>
    public static ThresholdChoice? Parse(string text)
    {
        if (text == "f1")
            return new(null, null);
        if (text.StartsWith(Percentile, StringComparison.Ordinal))
            return Make.ParseReal(text[Percentile.Length..]) is >= 0 and <= 100 and var percent ? new(percent, null) : null;
        return Make.ParseReal(text) is >= 0 and var number && double.IsFinite(number) ? new(null, number) : null;
    }

    /// <summary>The threshold.</summary>
    /// <param name="scores">A score for each image.</param>
    /// <param name="unusual">Which are not normal; null where nobody says: all are normal then.</param>
    /// <exception cref="LatentException">There is no normal image, or not one of each kind where both are needed.</exception>
    public double Of(double[] scores, bool[]? unusual) =>
        Number
        ?? (
            Percent is { } percent
                ? Thresholds.OfNormal(unusual is null ? scores : [.. scores.Where((_, i) => !unusual[i])], percent / 100)
                : Ranking.F1Max(unusual ?? [], scores).Threshold
        );

    public override string ToString() =>
        Percent is { } percent ? $"{Percentile}{percent}"
        : Number is { } number ? $"{number}"
        : "f1";
}
