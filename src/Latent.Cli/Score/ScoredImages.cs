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

/// <summary>One image with its score.</summary>
/// <param name="Index">Its number among all.</param>
/// <param name="Score">How unlike its reconstruction it is.</param>
/// <param name="Pixels">Its bytes.</param>
internal sealed record ScoredImage(int Index, double Score, byte[] Pixels);

/// <summary>The scores of images that come block by block. Of the images themselves only those with the highest scores are kept.</summary>
/// <param name="keep">How many.</param>
internal sealed class ScoredImages(int keep)
{
    private readonly List<string> _names = [];
    private readonly List<byte> _labels = [];
    private readonly List<double> _scores = [];
    private readonly PriorityQueue<ScoredImage, (double, int)> _worst = new(); // the lowest of them leaves first

    /// <summary>What the images are called.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Whether the names are paths of image files.</summary>
    public bool AreFiles { get; private set; } = true;

    /// <summary>The name of each image.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The names of the labels; empty where the images have none.</summary>
    public IReadOnlyList<string> LabelNames { get; private set; } = [];

    /// <summary>The label of each image, an index into the names; empty where they have none.</summary>
    public IReadOnlyList<byte> Labels => _labels;

    /// <summary>The score of each image.</summary>
    public double[] Scores { get; private set; } = [];

    /// <summary>The images with the highest scores, those first.</summary>
    public IReadOnlyList<ScoredImage> Worst { get; private set; } = [];

    /// <summary>Above it an image is unusual; null where nobody has said so.</summary>
    public double? Threshold { get; set; }

    /// <summary>How well the scores tell the kinds apart; null where these are not known.</summary>
    public Separation? Separation { get; set; }

    /// <summary>How many are above the threshold.</summary>
    public int Above => Scores.Count(score => score > Threshold);

    /// <summary>Takes a block.</summary>
    public void Add(InputImages block, ReadOnlySpan<double> scores)
    {
        bool isFirst = _names.Count == 0;
        Name = isFirst || Name == block.Images.Name ? block.Images.Name : "images";
        LabelNames =
            block.Images.HasLabels && (isFirst || LabelNames.SequenceEqual(block.Images.LabelNames, StringComparer.Ordinal))
                ? block.Images.LabelNames
                : [];
        AreFiles &= block.AreFiles;
        for (int i = 0; i < scores.Length; i++)
        {
            var place = (scores[i], -_scores.Count);
            if (_worst.Count < keep || _worst.TryPeek(out _, out var lowest) && place.CompareTo(lowest) > 0)
            {
                _worst.Enqueue(new(_scores.Count, scores[i], block.Images.Image(i).ToArray()), place);
                if (_worst.Count > keep)
                    _worst.Dequeue();
            }
            _scores.Add(scores[i]);
        }
        _names.AddRange(block.Names);
        _labels.AddRange(block.Images.Labels);
    }

    /// <summary>Called behind the last block.</summary>
    public void End()
    {
        Scores = [.. _scores];
        var worst = new List<ScoredImage>();
        while (_worst.TryDequeue(out var image, out _))
            worst.Add(image);
        worst.Reverse();
        Worst = worst;
        if (LabelNames.Count == 0)
            _labels.Clear();
    }

    /// <summary>The name of an image's label; null where it has none.</summary>
    public string? Label(int image) => _labels.Count > 0 ? LabelNames[_labels[image]] : null;

    /// <summary>index, file or label where there are such, score, and unusual (0 or 1) where there is a threshold.</summary>
    public void WriteCsv(TextWriter writer)
    {
        bool labels = _labels.Count > 0;
        writer.Write($"index{(AreFiles ? ",file" : "")}{(labels ? ",label" : "")},score{(Threshold is null ? "" : ",unusual")}\n");
        for (int i = 0; i < Scores.Length; i++)
        {
            string file = AreFiles ? $",{Csv.Quote(Names[i])}" : "",
                label = labels ? $",{Csv.Quote(Label(i)!)}" : "",
                unusual = Threshold is { } threshold ? (Scores[i] > threshold ? ",1" : ",0") : "";
            writer.Write($"{i}{file}{label},{Scores[i]:R}{unusual}\n");
        }
    }

    /// <summary>The images with the highest scores as a table.</summary>
    public string WorstTable(int count)
    {
        bool labels = _labels.Count > 0;
        string[] header = ["image", .. Where(labels, "label"), "score", .. Where(Threshold is not null, "")];
        return TextTable.Of(
            header,
            Worst
                .Take(count)
                .Select(image =>
                    (string[])
                        [
                            Names[image.Index],
                            .. Where(labels, Label(image.Index)!),
                            Numbers.Loss(image.Score),
                            .. Where(Threshold is not null, image.Score > Threshold ? "unusual" : ""),
                        ]
                )
        );

        static string[] Where(bool there, string text) => there ? [text] : [];
    }
}
