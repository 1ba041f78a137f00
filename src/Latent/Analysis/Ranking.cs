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
        foreach (var (_, positives, negatives) in groups)
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
        foreach (var (_, positives, negatives) in Groups(positive, scores))
        {
            found += positives;
            seen += positives + negatives;
            sum += positives * found / seen;
        }
        return sum / found;
    }

    /// <summary>
    /// The highest F1 = 2 TP / (2 TP + FP + FN) that any threshold gives, and that threshold. Found are the scores above it, so equal scores are
    /// found together or not at all. Where several thresholds give the same F1, the highest of them: the fewest are found.
    /// </summary>
    /// <param name="positive">Which are of the kind looked for.</param>
    /// <param name="scores">As many scores: the higher, the likelier of that kind.</param>
    /// <returns>
    /// F1, above 0, up to 1; and the threshold, half way between the lowest score that is found and the next one below it. Where all are found
    /// it is the largest number below all scores.
    /// </returns>
    /// <exception cref="LatentException">There is no positive or no negative, not as many of both, or a score is NaN.</exception>
    public static (double F1, double Threshold) F1Max(ReadOnlySpan<bool> positive, ReadOnlySpan<double> scores)
    {
        var groups = Groups(positive, scores);
        int all = groups.Sum(group => group.Positives),
            found = 0,
            seen = 0,
            best = 0;
        double f1 = -1;
        for (int i = 0; i < groups.Count; i++)
        {
            found += groups[i].Positives;
            seen += groups[i].Positives + groups[i].Negatives;
            double f = 2.0 * found / (seen + all); // seen = TP + FP, all = TP + FN
            if (f > f1)
                (f1, best) = (f, i);
        }
        return (f1, Between(groups[best].Score, best + 1 < groups.Count ? groups[best + 1].Score : null));
    }

    /// <summary>
    /// The share of positives among the <paramref name="n"/> highest scores. Of equal scores at the place where the list is cut, each counts with
    /// the share of them that is in the list: what a random order of them gives on the average.
    /// </summary>
    /// <param name="positive">Which are of the kind looked for.</param>
    /// <param name="scores">As many scores: the higher, the likelier of that kind.</param>
    /// <param name="n">1 to the number of scores; null for the number of positives, where precision and recall are the same.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="LatentException">
    /// There is no positive or no negative, not as many of both, a score is NaN, or there are not <paramref name="n"/> scores.
    /// </exception>
    public static double PrecisionAt(ReadOnlySpan<bool> positive, ReadOnlySpan<double> scores, int? n = null)
    {
        var groups = Groups(positive, scores);
        int most = n ?? groups.Sum(group => group.Positives),
            seen = 0;
        if (most < 1 || most > scores.Length)
            throw new LatentException("There are not so many scores to look at.", $"1 to {scores.Length}", $"{most}");
        double found = 0;
        foreach (var (_, positives, negatives) in groups)
        {
            int taken = Math.Min(positives + negatives, most - seen);
            found += (double)positives * taken / (positives + negatives);
            seen += taken;
            if (seen == most)
                break;
        }
        return found / most;
    }

    /// <summary>A threshold below a score and at least at the next one.</summary>
    private static double Between(double above, double? below)
    {
        if (below is not { } lower)
            return double.BitDecrement(above);
        double middle = lower + (above - lower) / 2;
        return middle < above && middle >= lower ? middle : lower;
    }

    /// <summary>How many of both kinds have the same score, from the highest score down.</summary>
    private static List<(double Score, int Positives, int Negatives)> Groups(ReadOnlySpan<bool> positive, ReadOnlySpan<double> scores)
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
        var groups = new List<(double, int, int)>();
        for (int end = keys.Length; end > 0; )
        {
            int start = end - 1;
            while (start > 0 && keys[start - 1] == keys[end - 1])
                start--;
            int positives = kinds.AsSpan(start, end - start).Count(true);
            groups.Add((keys[start], positives, end - start - positives));
            end = start;
        }
        return groups;
    }
}
