namespace Latent;

/// <summary>The name that was probably meant.</summary>
public static class Suggestion
{
    /// <summary>
    /// The candidate with the fewest edits (a letter inserted, removed, replaced, or two neighbours swapped; upper and lower case count as
    /// equal), or null where the nearest is too far away to be a slip: more than a third of the letters, but two are always allowed.
    /// </summary>
    /// <param name="name">What was written.</param>
    /// <param name="candidates">What could have been meant; the first of several equally near wins.</param>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int fewest = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int edits = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            int allowed = Math.Max(2, Math.Max(name.Length, candidate.Length) / 3);
            if (edits < fewest && edits <= allowed && edits < candidate.Length)
                (nearest, fewest) = (candidate, edits);
        }
        return nearest;
    }

    /// <summary>The optimal string alignment distance.</summary>
    internal static int Distance(string a, string b)
    {
        int[] beforeLast = [];
        int[] last = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last) = (last, row);
        }
        return last[^1];
    }
}
