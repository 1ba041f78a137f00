using Latent.Analysis;
using Latent.Data;
using Latent.Models;

namespace Latent.Images;

/// <summary>The report's figure of sampled images.</summary>
internal static class RunSamples
{
    private const int Count = 20;
    private const int MostImages = 10_000; // to look among: a report must not take long

    /// <summary>Null where there is nothing to draw: images that are no pictures, or too large codes.</summary>
    public static ReportFigure? Of(Autoencoder model, DataSet data, FigureOptions options)
    {
        if (model.ImageShape.IsVector || model.ImageShape.Channels is not (1 or 3))
            return null;
        if ((model.Info.Codes ?? CodeSampling.ToKeep(model, data.Train)) is not { } codes)
            return null;
        float[] samples = model.Decode(codes.Sample(CodeSource.Mixture, Count));
        var among = data.Train.Spread(MostImages);
        int[] nearest = [.. NearestImages.Find(Pixels.ToBytes(samples), among).Select(found => found.Index)];
        string mixture = Words.Count(codes.Mixture.Components, "normal distribution");
        return new(
            "New images",
            Figures.Samples(
                "Sampled codes, decoded, each beside the nearest training image",
                $"Codes drawn from a mixture of {mixture} fitted to the training codes; nearest in pixel space, of {Words.Count(among.Count, "training image")}",
                samples,
                model.ImageShape,
                nearest,
                among,
                [],
                options
            ),
            $"A regular grid of codes, as above, decodes points where no image lies and misses others where many do. These codes are drawn from where the training codes are: a mixture of {mixture}. To the right of each image is the training image that is most like it, so that one sees whether it is new or learned by heart."
        );
    }
}
