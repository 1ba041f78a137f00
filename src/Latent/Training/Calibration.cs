using Latent.Data;
using Latent.Models;

namespace Latent.Training;

/// <summary>
/// Brings the codes of a trained model into a known range without changing what it computes: each number of the code is shifted and scaled
/// until the 1st and 99th percentile of the training codes lie at −4 and +4. The encoder's last layer and the decoder's first absorb it.
/// </summary>
public static class Calibration
{
    /// <summary>Where the two percentiles lie afterwards: at minus and plus this.</summary>
    public const double Reach = 4;

    /// <summary>Calibrates a model in place, where its code is a linear dense layer with a bias and its decoder starts with a dense one with a bias.</summary>
    /// <param name="model">The model; its weights and <see cref="ModelInfo.Calibrated"/> are changed.</param>
    /// <param name="images">The images whose codes are measured: the training images.</param>
    /// <returns>Whether it was calibrated; other models are left as they are.</returns>
    public static bool Apply(Autoencoder model, ImageSet images) => throw new NotSupportedException($"{model.LatentSize} {images.Count}");
}
