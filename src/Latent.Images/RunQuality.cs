using Latent.Analysis;
using Latent.Data;
using Latent.Models;

namespace Latent.Images;

/// <summary>How good reconstructions are, for some images.</summary>
/// <param name="Name">Which: a label, or all.</param>
/// <param name="Images">How many test images.</param>
/// <param name="MeanSquaredError">The mean over all of them.</param>
/// <param name="Psnr">The mean of their peak signal-to-noise ratios, in decibels.</param>
/// <param name="Similarity">The mean structural similarity; null where the images are smaller than its window, or none was measured.</param>
internal sealed record QualityRow(string Name, int Images, double MeanSquaredError, double Psnr, double? Similarity);

/// <summary>The quality of a model's reconstructions by label, and of its codes as their neighbours tell it.</summary>
internal sealed record RunQuality(IReadOnlyList<QualityRow> Rows, int SimilarityImages, double? NeighbourAccuracy)
{
    /// <summary>Structural similarities cost more than all else of a report: a mean of so many is sharp enough.</summary>
    public const int MostSimilarities = 1000;

    /// <summary>The training codes among which neighbours are looked for, and the test codes they are looked for of.</summary>
    public const int MostKnown = 5000,
        MostAsked = 1000;

    public const int Neighbours = 10;

    private const int MostRows = 40; // more labels make no table that is read

    /// <param name="model">The model.</param>
    /// <param name="data">The images.</param>
    /// <param name="errors">The mean squared error of each test image.</param>
    /// <param name="codes">The code of each test image.</param>
    public static RunQuality Of(Autoencoder model, DataSet data, double[] errors, float[] codes)
    {
        double[] similarities = Similarities(model, data.Test);
        double[] ratios = [.. errors.Select(error => -10 * Math.Log10(error))];
        var rows = new List<QualityRow>();
        if (data.Test.HasLabels && data.Test.LabelNames.Count <= MostRows)
        {
            byte[] labels = data.Test.Labels.ToArray();
            for (int label = 0; label < data.Test.LabelNames.Count; label++)
            {
                int[] own = [.. Enumerable.Range(0, errors.Length).Where(i => labels[i] == label)];
                if (own.Length > 0)
                    rows.Add(Row(data.Test.LabelNames[label], own));
            }
        }
        rows.Add(Row("all", [.. Enumerable.Range(0, errors.Length)]));
        return new(rows, similarities.Length, Accuracy(model, data, codes));

        QualityRow Row(string name, int[] own)
        {
            int[] measured = [.. own.Where(i => i < similarities.Length)];
            return new(
                name,
                own.Length,
                own.Average(i => errors[i]),
                own.Average(i => ratios[i]),
                measured.Length > 0 ? measured.Average(i => similarities[i]) : null
            );
        }
    }

    private static double[] Similarities(Autoencoder model, ImageSet test)
    {
        var shape = test.Shape;
        if (!SsimWindow.Gaussian.Fits(shape) || model.OutputShape != shape)
            return [];
        var some = test.Take(Math.Max(1, Math.Min(MostSimilarities, (int)(MostSimilarities * 784L / shape.Size)))); // about the same work
        float[] outputs = model.Reconstruct(some);
        if (!Array.TrueForAll(outputs, float.IsFinite))
            return [];
        var similarities = new double[some.Count];
        Parallel.For(
            0,
            some.Count,
            () => new float[shape.Size],
            (i, _, image) =>
            {
                some.CopyTo(i, image);
                similarities[i] = StructuralSimilarity.Of(image, outputs.AsSpan(i * shape.Size, shape.Size), shape);
                return image;
            },
            _ => { }
        );
        return similarities;
    }

    private static double? Accuracy(Autoencoder model, DataSet data, float[] codes)
    {
        if (!data.Train.HasLabels || !data.Test.HasLabels || data.Train.LabelNames.Count < 2)
            return null;
        var known = data.Train.Take(MostKnown);
        int asked = Math.Min(MostAsked, data.Test.Count);
        return new NearestCodes(model.Encode(known), model.LatentSize).Accuracy(
            codes.AsMemory(0, asked * model.LatentSize),
            data.Test.Labels[..asked].ToArray(),
            known.Labels.ToArray(),
            Neighbours
        );
    }
}
