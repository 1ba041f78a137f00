using Latent.Analysis;
using Latent.Data;
using Latent.Models;
using Latent.Training;

namespace Latent.Images;

/// <summary>What a report says of a model that takes computing.</summary>
internal sealed record RunMeasures
{
    /// <summary>A baseline of more multiplications than this is left out: it would take longer than the training.</summary>
    private const double MostProducts = 4e11;

    /// <summary>The codes of all test images.</summary>
    public required float[] Codes { get; init; }

    /// <summary>The plane to draw codes in; null where there is none: codes that are not finite, or too large.</summary>
    public required CodePlane? Plane { get; init; }

    /// <summary>The mean squared error per number of each test image's reconstruction.</summary>
    public required double[] Errors { get; init; }

    /// <summary>The same by as many principal components as a code has numbers; null where it was left out.</summary>
    public required double[]? PcaErrors { get; init; }

    public double MeanError => Errors.Average();

    /// <summary>How many of the test images whole batches cover: what the article validates on.</summary>
    public int WholeImages => ImageSet.WholeBatches(Errors.Length, Recipes.ArticleBatchSize);

    /// <summary>The mean error of these; null where they are all, or none.</summary>
    public double? WholeBatchesError => WholeImages > 0 && WholeImages < Errors.Length ? OverWholeBatches(Errors) : null;

    public static RunMeasures Of(Autoencoder model, DataSet data)
    {
        float[] codes = model.Encode(data.Test);
        bool drawable = model.LatentSize <= Pca.MaxDimension && Array.TrueForAll(codes, float.IsFinite);
        int size = data.Train.Shape.Size;
        bool baseline = model.LatentSize < size && size <= Pca.MaxDimension && 0.5 * data.Train.Count * size * size <= MostProducts;
        return new()
        {
            Codes = codes,
            Plane = drawable ? CodePlane.Of(codes, model.LatentSize) : null,
            Errors = ReconstructionErrors(model, data.Test),
            PcaErrors = baseline ? Pca.Fit(data.Train, model.LatentSize).ReconstructionErrors(data.Test) : null,
        };
    }

    /// <summary>The mean of an error per test image over those that whole batches cover.</summary>
    public double OverWholeBatches(double[] errors) => errors.Take(WholeImages).Average();

    private static double[] ReconstructionErrors(Autoencoder model, ImageSet images)
    {
        const int part = 1024; // so that a large set needs little memory
        var errors = new double[images.Count];
        int size = images.Shape.Size;
        for (int start = 0; start < images.Count; start += part)
        {
            var some = images.Slice(start, Math.Min(part, images.Count - start));
            float[] outputs = model.Reconstruct(some);
            for (int i = 0; i < some.Count; i++)
                errors[start + i] = Images.Figures.SquaredError(some.Image(i), outputs.AsSpan(i * size, size));
        }
        return errors;
    }
}
