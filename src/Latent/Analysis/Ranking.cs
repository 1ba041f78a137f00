namespace Latent.Analysis;

/// <summary>How well a score tells two kinds apart, whatever the threshold: such as anomalies by their reconstruction's loss.</summary>
public static class Ranking
{
    /// <summary>
    /// The area under the receiver operating characteristic: the chance that the score of a positive is higher than that of a negative, a tie
    /// counting one half.
    /// </summary>
    /// <param name="positive">Which are of the kind looked for.</param>
    /// <param name="scores">As many scores: the higher, the likelier of that kind.</param>
    /// <returns>0 to 1; 0.5 for scores that say nothing.</returns>
    /// <exception cref="LatentException">There is no positive or no negative, not as many of both, or a score is NaN.</exception>
    public static double Auroc(ReadOnlySpan<bool> positive, ReadOnlySpan<double> scores)
    {
        double pairs = 0,
            negativesAbove = 0;
        var groups = Groups(positive, scores);
        foreach (var (positives, negatives) in groups)
        {
            pairs += positives * (negativesAbove + negatives / 2.0); // those that a negative wins
            negativesAbove += negatives;
        }
        return 1 - pairs / ((scores.Length - negativesAbove) * negativesAbove);
    }

    /// <summary>
    /// The average precision: Σ (recall − the recall before) · precision over the thresholds from high to low, without interpolation.
    /// </summary>
    /// <param name="positive">Which are of the kind looked for.</param>
    /// <param name="scores">As many scores: the higher, the likelier of that kind.</param>
    /// <returns>Above 0, up to 1; about the share of positives for scores that say nothing.</returns>
    /// <exception cref="LatentException">There is no positive or no negative, not as many of both, or a score is NaN.</exception>
    public static double AveragePrecision(ReadOnlySpan<bool> positive, ReadOnlySpan<double> scores)
    {
        double sum = 0,
            found = 0,
            seen = 0;
        foreach (var (positives, negatives) in Groups(positive, scores))
        {
            found += positives;
            seen += positives + negatives;
            sum += positives * found / seen;
        }
        return sum / found;
    }

    /// <summary>How many of both kinds have the same score, from the highest score down.</summary>
    private static List<(int Positives, int Negatives)> Groups(ReadOnlySpan<bool> positive, ReadOnlySpan<double> scores)
    {
        if (positive.Length != scores.Length)
            throw new LatentException("The scores do not fit the kinds.", $"{positive.Length} scores", $"{scores.Length}");
        double[] keys = scores.ToArray();
        bool[] kinds = positive.ToArray();
        if (keys.Any(double.IsNaN))
            throw new LatentException("A score is not a number.", "numbers that can be put in order", "NaN");
        if (!kinds.Contains(true) || !kinds.Contains(false))
            throw new LatentException(
                "The scores tell nothing apart.",
                "at least one of each kind",
                kinds.Length == 0 ? "none" : $"{kinds.Length} of one kind"
            );
        Array.Sort(keys, kinds);
        var groups = new List<(int, int)>();
        for (int end = keys.Length; end > 0; )
        {
            int start = end - 1;
            while (start > 0 && keys[start - 1] == keys[end - 1])
                start--;
            int positives = kinds.AsSpan(start, end - start).Count(true);
            groups.Add((positives, end - start - positives));
            end = start;
        }
        return groups;
    }
}
