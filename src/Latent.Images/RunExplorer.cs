using Latent.Data;
using Latent.Explorer;
using Latent.Models;
using Latent.Networks;

namespace Latent.Images;

/// <summary>The part of a run's report that moves.</summary>
internal static class RunExplorer
{
    /// <summary>More of the decoder's weights, or of codes, would make a page to read out of all proportion.</summary>
    private const int MostWeightBytes = 4 << 20,
        MostCodeBytes = 1 << 20,
        MostCodes = 10_000;

    /// <param name="model">A model that gives images.</param>
    /// <param name="test">The images that it is drawn with.</param>
    /// <param name="codes">Their codes.</param>
    public static ReportExplorer Of(Autoencoder model, ImageSet test, ReadOnlyMemory<float> codes)
    {
        int weights = sizeof(float) * new ParameterLayout(model.Decoder).Count;
        if (weights > MostWeightBytes)
            return new(
                $"The decoder's weights, {weights / 1e6:0.#} MB, are left out of this page. A page of its own has them: latent export RUN --html explorer.html"
            );
        int count = Math.Clamp(MostCodeBytes / (sizeof(float) * model.LatentSize), 1, Math.Min(test.Count, MostCodes));
        try
        {
            var shown = ExplorerData.Of(model, test.Take(count), codes: codes[..(count * model.LatentSize)]);
            return new(Caption(shown, test.Count), ExplorerFragment.Of(shown, compact: true));
        }
        catch (LatentException e)
        {
            return new($"It cannot be shown here. {e.Happened}");
        }
    }

    private static string Caption(ExplorerData data, int all)
    {
        string points = $"The points are the codes of {Words.First(data.Images.Count, all, "test image")}.";
        return $"{points} Drag over them, or move the sliders, and the decoder draws what it makes of that place; its weights are in this page. A page of its own has a pad to draw on too, and the images beside their codes: latent export RUN --html explorer.html";
    }
}
