using Latent.Analysis;
using Latent.Cli.Inputs;
using Latent.Cli.Output;

namespace Latent.Cli.Score;

/// <summary>How well the scores tell normal and unusual images apart.</summary>
/// <param name="Normal">How many images are normal.</param>
/// <param name="Unusual">How many are not.</param>
/// <param name="Auroc">The area under the receiver operating characteristic.</param>
/// <param name="AveragePrecision">The average precision.</param>
/// <param name="F1">The highest F1 of any threshold.</param>
/// <param name="F1Threshold">That threshold.</param>
/// <param name="Precision">The share of unusual images among as many of the highest scores as there are unusual images.</param>
internal sealed record Separation(
    int Normal,
    int Unusual,
    double Auroc,
    double AveragePrecision,
    double F1,
    double F1Threshold,
    double Precision
)
{
    public static Separation Of(bool[] unusual, double[] scores)
    {
        var (f1, threshold) = Ranking.F1Max(unusual, scores);
        int count = unusual.Count(kind => kind);
        return new(
            unusual.Length - count,
            count,
            Ranking.Auroc(unusual, scores),
            Ranking.AveragePrecision(unusual, scores),
            f1,
            threshold,
            Ranking.PrecisionAt(unusual, scores)
        );
    }
}

/// <summary>Images with a score each.</summary>
/// <param name="Inputs">The images.</param>
/// <param name="Scores">As many scores.</param>
/// <param name="Threshold">Above it an image is unusual; null where nobody has said so.</param>
/// <param name="Separation">How well the scores tell the kinds apart; null where these are not known.</param>
internal sealed record ScoredImages(InputImages Inputs, double[] Scores, double? Threshold, Separation? Separation)
{
    /// <summary>How many are above the threshold.</summary>
    public int Above => Scores.Count(score => score > Threshold);

    /// <summary>The images with the highest scores, those first.</summary>
    public int[] Worst(int count) => [.. Enumerable.Range(0, Scores.Length).OrderByDescending(i => Scores[i]).ThenBy(i => i).Take(count)];

    /// <summary>The name of an image's label; null where it has none.</summary>
    public string? Label(int image) => Inputs.Images.HasLabels ? Inputs.Images.LabelNames[Inputs.Images.Labels[image]] : null;

    /// <summary>index, file or label where there are such, score, and unusual (0 or 1) where there is a threshold.</summary>
    public void WriteCsv(TextWriter writer)
    {
        bool labels = Inputs.Images.HasLabels;
        writer.Write(
            $"index{(Inputs.AreFiles ? ",file" : "")}{(labels ? ",label" : "")},score{(Threshold is null ? "" : ",unusual")}\n"
        );
        for (int i = 0; i < Scores.Length; i++)
        {
            string file = Inputs.AreFiles ? $",{Csv.Quote(Inputs.Names[i])}" : "",
                label = labels ? $",{Csv.Quote(Label(i)!)}" : "",
                unusual = Threshold is { } threshold ? (Scores[i] > threshold ? ",1" : ",0") : "";
            writer.Write($"{i}{file}{label},{Scores[i]:R}{unusual}\n");
        }
    }

    /// <summary>The images with the highest scores as a table.</summary>
    public string WorstTable(int count)
    {
        bool labels = Inputs.Images.HasLabels;
        string[] header = ["image", .. labels ? ["label"] : Array.Empty<string>(), "score", .. Threshold is null ? [] : new[] { "" }];
        return TextTable.Of(
            header,
            Worst(count)
                .Select(i =>
                    (string[])
                        [
                            Inputs.Names[i],
                            .. labels ? [Label(i)!] : Array.Empty<string>(),
                            Numbers.Loss(Scores[i]),
                            .. Threshold is { } threshold ? [Scores[i] > threshold ? "unusual" : ""] : Array.Empty<string>(),
                        ]
                )
        );
    }
}
