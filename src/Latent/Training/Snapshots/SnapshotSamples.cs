using Latent.Data;
using Latent.Models;
using Latent.Networks;

namespace Latent.Training;

/// <summary>The samples of a validation set that snapshots show: the same ones in every training with these images and this size of the code.</summary>
internal sealed class SnapshotSamples
{
    private const int MostNumbers = 1 << 16, // of all codes together
        MostPixels = 1 << 19, // of all images shown
        MostInputs = 1 << 25; // numbers that are kept in memory for the codes

    private SnapshotSamples(SampleSet inputs, int[] indices, ImageSet? images, int[] imageIndices) =>
        (Inputs, Indices, Images, ImageIndices) = (inputs, indices, images, imageIndices);

    /// <summary>What the codes are of.</summary>
    public SampleSet Inputs { get; }

    /// <summary>Which samples of the validation set these are.</summary>
    public int[] Indices { get; }

    /// <summary>The images shown with their reconstructions; null where the model has no pictures to show.</summary>
    public ImageSet? Images { get; }

    /// <summary>Which images of the validation set these are.</summary>
    public int[] ImageIndices { get; }

    /// <summary>The labels of the inputs; empty where they have none.</summary>
    public ReadOnlyMemory<byte> Labels => Inputs is ImageSet { HasLabels: true } images ? images.Labels.ToArray() : default;

    /// <summary>The names of the labels; empty where there are none.</summary>
    public IReadOnlyList<string> LabelNames => Inputs is ImageSet { HasLabels: true } images ? images.LabelNames : [];

    /// <summary>Chooses samples.</summary>
    /// <param name="validation">The validation set.</param>
    /// <param name="model">The model, for the sizes of its code and its images.</param>
    /// <param name="codes">The most codes.</param>
    /// <param name="images">The most images shown.</param>
    public static SnapshotSamples Of(SampleSet validation, Autoencoder model, int codes, int images)
    {
        int most = Math.Max(1, Math.Min(MostNumbers / model.LatentSize, MostInputs / validation.Shape.Size));
        int count = Math.Min(validation.Count, Math.Min(codes, most));
        // spread over the whole set, which may be sorted by label
        int[] indices = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * validation.Count / count))];
        var shape = validation.Shape;
        bool shows = validation is ImageSet && model.GivesImages && !shape.IsVector && shape.Channels is 1 or 3;
        int[] shown = shows ? Shown((ImageSet)validation, Math.Clamp(MostPixels / shape.Size, 1, images)) : [];
        return new(Gather(validation, indices), indices, shown.Length > 0 ? (ImageSet)Gather(validation, shown) : null, shown);
    }

    /// <summary>The first image of each label in the labels' order, then the first ones that are left, as many as asked for.</summary>
    private static int[] Shown(ImageSet images, int count)
    {
        var firsts = new SortedDictionary<byte, int>();
        for (int i = 0; i < images.Labels.Length; i++)
            firsts.TryAdd(images.Labels[i], i);
        var chosen = firsts.Values.Take(count).ToList();
        for (int i = 0; i < images.Count && chosen.Count < count; i++)
            if (!chosen.Contains(i))
                chosen.Add(i);
        return [.. chosen];
    }

    private static SampleSet Gather(SampleSet samples, int[] indices)
    {
        var shape = samples.Shape;
        if (samples is ImageSet images)
        {
            var pixels = new byte[indices.Length * shape.Size];
            for (int i = 0; i < indices.Length; i++)
                images.Image(indices[i]).CopyTo(pixels.AsSpan(i * shape.Size));
            byte[] labels = images.HasLabels ? [.. indices.Select(i => images.Labels[i])] : [];
            return ImageSet.Own(images.Name, shape, pixels, labels, images.LabelNames);
        }
        var numbers = new float[indices.Length * shape.Size];
        for (int i = 0; i < indices.Length; i++)
            samples.CopyTo(indices[i], numbers.AsSpan(i * shape.Size, shape.Size));
        return FloatSet.From(numbers, shape, samples.Name);
    }
}
