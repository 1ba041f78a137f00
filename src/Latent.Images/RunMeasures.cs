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

    /// <summary>The same by principal components, from <see cref="Baseline"/>; null where it was left out.</summary>
    public double[]? PcaErrors { get; init; }

    /// <summary>How good the reconstructions and codes are, by label; null where it was not measured.</summary>
    public RunQuality? Quality { get; init; }

    public double MeanError => Errors.Average();

    /// <summary>Whether the test images judged the training, as the article has it.</summary>
    public bool TestJudges { get; init; } = true;

    /// <summary>How many of the test images whole batches cover: what the article validates on.</summary>
    public int WholeImages => ImageSet.WholeBatches(Errors.Length, Recipes.ArticleBatchSize);

    /// <summary>The mean error of these; null where they are all, or none.</summary>
    public double? WholeBatchesError => TestJudges && WholeImages > 0 && WholeImages < Errors.Length ? OverWholeBatches(Errors) : null;

    /// <summary>All but <see cref="PcaErrors"/> and <see cref="Quality"/>.</summary>
    public static RunMeasures Of(Autoencoder model, ImageSet test, double[]? errors)
    {
        float[] codes = model.Encode(test);
        bool drawable = model.LatentSize <= Pca.MaxDimension && Array.TrueForAll(codes, float.IsFinite);
        return new()
        {
            Codes = codes,
            Plane = drawable ? CodePlane.Of(codes, model.LatentSize) : null,
            Errors = errors ?? model.Losses(test),
        };
    }

    /// <summary>The errors of as many principal components of the training images as a code has numbers; null where it would take too long.</summary>
    public static double[]? Baseline(DataSet data, int latentSize)
    {
        int size = data.Train.Shape.Size;
        bool affordable = latentSize < size && size <= Pca.MaxDimension && 0.5 * data.Train.Count * size * size <= MostProducts;
        return affordable ? Pca.Fit(data.Train, latentSize).ReconstructionErrors(data.Test) : null;
    }

    /// <summary>The mean of an error per test image over those that whole batches cover.</summary>
    public double OverWholeBatches(double[] errors) => errors.Take(WholeImages).Average();
}
