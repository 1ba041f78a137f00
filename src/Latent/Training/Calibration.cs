using Latent.Analysis;
using Latent.Data;
using Latent.Models;
using Latent.Networks;

namespace Latent.Training;

/// <summary>
/// Brings the codes of a trained model into a known range without changing what it computes: each number of the code is shifted and scaled
/// until the 1st and 99th percentile of the training codes lie at −4 and +4. The encoder's last layer and the decoder's first absorb it.
/// </summary>
public static class Calibration
{
    /// <summary>Where the two percentiles lie afterwards: at minus and plus this.</summary>
    public const double Reach = 4;

    private const int ImagesAtOnce = 4096;
    private const long MostNumbers = 1L << 26;

    /// <summary>
    /// Calibrates a model in place, where its code is a linear dense layer with a bias and its decoder starts with a dense one with a bias.
    /// A number of the code that hardly varies is left as it is.
    /// </summary>
    /// <param name="model">The model; its weights and <see cref="ModelInfo.Calibrated"/> are changed.</param>
    /// <param name="images">The images whose codes are measured: the training images.</param>
    /// <returns>Whether it was calibrated; other models are left as they are.</returns>
    public static bool Apply(Autoencoder model, SampleSet images)
    {
        if (!Fits(model))
            return false;
        int latent = model.LatentSize;
        float[] codes = Codes(model, images);
        var scales = new double[latent];
        var centres = new double[latent];
        var ranges = CodeStatistics.Ranges(codes, latent);
        for (int j = 0; j < latent; j++)
        {
            var (low, high) = ranges[j];
            // a range that float32 can hardly tell from its place would be blown up to noise; NaN fails too
            bool varies = high - low > 1e-5 * Math.Max(Math.Abs(low), Math.Abs(high)) && double.IsFinite(high - low);
            (scales[j], centres[j]) = varies ? (2 * Reach / (high - low), (low + high) / 2) : (1, 0);
        }
        Absorb(model, scales, centres);
        model.Info = model.Info with { Calibrated = true, Codes = null }; // they lie elsewhere now
        return true;
    }

    private static bool Fits(Autoencoder model) =>
        model.Encoder.Layers[^1] is Dense { UseBias: true } code
        && (code.Activation is null || code.Activation == Activation.Linear)
        && code.ActivityRegularizer is null // which a shift would undo
        && model.Encoder.Output.IsVector
        && model.Decoder.Layers[0] is Dense { UseBias: true };

    /// <summary>Replaces each number z of the code by (z − centre) · scale in both layers. Sums are made in double.</summary>
    private static void Absorb(Autoencoder model, double[] scales, double[] centres)
    {
        int last = model.Encoder.Layers.Length - 1,
            latent = scales.Length;
        Span<float> kernel = Weight(model, last, "kernel"),
            bias = Weight(model, last, "bias"),
            next = Weight(model, last + 1, "kernel"),
            nextBias = Weight(model, last + 1, "bias");
        for (int i = 0; i < kernel.Length; i++)
            kernel[i] = (float)(kernel[i] * scales[i % latent]);
        for (int j = 0; j < latent; j++)
            bias[j] = (float)((bias[j] - centres[j]) * scales[j]);
        for (int k = 0; k < nextBias.Length; k++)
        {
            double sum = nextBias[k];
            for (int j = 0; j < latent; j++)
            {
                ref float weight = ref next[j * nextBias.Length + k];
                sum += centres[j] * weight;
                weight = (float)(weight / scales[j]);
            }
            nextBias[k] = (float)sum;
        }
        model.Weights.Touch();
    }

    private static Span<float> Weight(Autoencoder model, int layer, string name) =>
        model.Weights[model.Weights.Layout.Parameters.First(p => p.Layer == layer && p.Weight.Name == name)];

    /// <summary>The codes of all images, or of every n-th where all would be too many for memory.</summary>
    private static float[] Codes(Autoencoder model, SampleSet images)
    {
        int latent = model.LatentSize,
            every = (int)Math.Max(1, (long)images.Count * latent / MostNumbers);
        var codes = new float[(images.Count + every - 1) / every * latent];
        int done = 0;
        for (int start = 0; start < images.Count; start += ImagesAtOnce)
        {
            int count = Math.Min(ImagesAtOnce, images.Count - start);
            float[] part = model.Encode(images.Slice(start, count));
            for (int i = 0; i < count; i++)
                if ((start + i) % every == 0)
                {
                    part.AsSpan(i * latent, latent).CopyTo(codes.AsSpan(done));
                    done += latent;
                }
        }
        return codes;
    }
}
