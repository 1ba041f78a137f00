using Latent.Analysis;
using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;

namespace Latent.Training;

/// <summary>Numbers beside the loss that say how near a model's outputs are to their targets, by name.</summary>
public static class ValidationMetrics
{
    private const int Batch = 256; // images at a time

    /// <summary>
    /// All names: "mse" and "mae", the means over all pixels; "psnr" and "ssim", the means over the images of each one's own peak signal-to-noise
    /// ratio (decibels) and structural similarity (the Gaussian window), for pixels from 0 to 1.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = ["mse", "mae", "psnr", "ssim"];

    internal static IEnumerable<string> Problems(IReadOnlyList<string> metrics)
    {
        foreach (string name in metrics)
            if (!Names.Contains(name, StringComparer.Ordinal))
                yield return $"Metrics has no '{name}'; there is {string.Join(", ", Names)}.";
        if (metrics.Distinct(StringComparer.Ordinal).Count() != metrics.Count)
            yield return "Metrics names one twice.";
    }

    internal static IEnumerable<string> Problems(IReadOnlyList<string> metrics, Shape output)
    {
        if (metrics.Contains("ssim", StringComparer.Ordinal) && !SsimWindow.Gaussian.Fits(output))
            yield return $"Metrics has 'ssim', which needs images of at least 11 × 11 pixels; the model gives {output}.";
    }

    /// <summary>The metrics of a model's outputs for some images.</summary>
    /// <param name="metrics">Some of <see cref="Names"/>.</param>
    /// <param name="model">The model.</param>
    /// <param name="images">Its inputs, at least one.</param>
    /// <param name="targets">What the outputs are compared with, image by image; null for the images themselves.</param>
    /// <returns>A number for each of the names, in their order.</returns>
    /// <exception cref="LatentException">There is no such metric, or a shape does not fit.</exception>
    public static double[] Of(IReadOnlyList<string> metrics, Autoencoder model, SampleSet images, SampleSet? targets = null) =>
        Of(metrics, model, images, targets, noise: null, seed: 0);

    internal static double[] Of(
        IReadOnlyList<string> metrics,
        Autoencoder model,
        SampleSet images,
        SampleSet? targets,
        InputNoise? noise,
        long seed
    )
    {
        targets ??= images;
        var output = model.Decoder.Output;
        OptionProblems.Throw([.. Problems(metrics), .. Problems(metrics, output)]);
        if (targets.Shape != output || targets.Count != images.Count)
            throw new LatentException(
                "The targets do not fit the outputs.",
                $"{images.Count} of {output}",
                $"{targets.Count} of {targets.Shape}"
            );
        var sums = new double[metrics.Count];
        var target = new float[output.Size];
        for (int start = 0; start < images.Count; start += Batch)
        {
            var batch = images.Slice(start, Math.Min(Batch, images.Count - start));
            float[] outputs = model.Reconstruct(noise?.Apply(batch, seed, start) ?? batch);
            for (int n = 0; n < batch.Count; n++)
            {
                targets.CopyTo(start + n, target);
                for (int m = 0; m < sums.Length; m++)
                    sums[m] += Of(metrics[m], outputs.AsSpan(n * output.Size, output.Size), target, output);
            }
        }
        return [.. sums.Select(sum => sum / images.Count)];
    }

    private static double Of(string metric, ReadOnlySpan<float> output, ReadOnlySpan<float> target, Shape shape) =>
        metric switch
        {
            "mse" => ImageMetrics.MeanSquaredError(output, target),
            "mae" => ImageMetrics.MeanAbsoluteError(output, target),
            "psnr" => ImageMetrics.Psnr(output, target),
            _ => StructuralSimilarity.Of(output, target, shape),
        };
}
