using Latent.Data;

namespace Latent.Analysis;

/// <summary>What images that were sampled look like: how near they are to images that exist, and what these are.</summary>
/// <param name="Nearest">For each sample the index of the nearest training image, in pixel space.</param>
/// <param name="Distances">For each sample the distance to it, as <see cref="NearestImages"/> gives it.</param>
/// <param name="Limit">A sample that is farther is far from all data: see <see cref="LimitOf"/>.</param>
/// <param name="LabelCounts">
/// How many samples look like each label: those whose nearest training image has it, and which are not far. Empty where the images have no labels.
/// </param>
public sealed record SampleReview(IReadOnlyList<int> Nearest, IReadOnlyList<double> Distances, double Limit, IReadOnlyList<int> LabelCounts)
{
    /// <summary>The share of samples that are far from all data, 0 to 1.</summary>
    public double FarShare => (double)Distances.Count(distance => distance > Limit) / Distances.Count;

    /// <summary>Looks at samples.</summary>
    /// <param name="samples">n × image size bytes.</param>
    /// <param name="train">The images that the model was trained on.</param>
    /// <param name="limit">What <see cref="LimitOf"/> gave for them.</param>
    /// <param name="threads">Threads to use, 0 for one per core.</param>
    /// <exception cref="LatentException">The samples have another shape.</exception>
    public static SampleReview Of(ReadOnlyMemory<byte> samples, ImageSet train, double limit, int threads = 0)
    {
        var found = NearestImages.Find(samples, train, threads);
        var counts = new int[train.HasLabels ? train.LabelNames.Count : 0];
        if (train.HasLabels)
            foreach (var (index, distance) in found)
                if (distance <= limit)
                    counts[train.Labels[index]]++;
        return new([.. found.Select(f => f.Index)], [.. found.Select(f => f.Distance)], limit, counts);
    }

    /// <summary>
    /// How far images may be from the nearest training image and still be like the data: the 99th percentile of that distance over images that
    /// were not trained on.
    /// </summary>
    /// <param name="heldOut">Images that the model was not trained on.</param>
    /// <param name="train">The images that it was trained on.</param>
    /// <param name="threads">Threads to use, 0 for one per core.</param>
    /// <exception cref="LatentException">The two have different shapes.</exception>
    public static double LimitOf(ImageSet heldOut, ImageSet train, int threads = 0)
    {
        double[] distances = [.. NearestImages.Find(heldOut.Pixels.ToArray(), train, threads).Select(found => found.Distance)];
        Array.Sort(distances);
        return Quantile.Of<double>(distances, 0.99);
    }
}
