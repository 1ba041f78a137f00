using Latent.Data;
using Latent.Engine;
using Latent.Models;

namespace Latent.Analysis;

/// <summary>Measures where codes lie, so that new ones can be drawn.</summary>
public static class CodeSampling
{
    /// <summary>The largest codes whose mixture has full covariances; of larger ones the components are diagonal, since they would be larger than the model.</summary>
    public const int LargestFullMixture = 32;

    /// <summary>The largest codes whose normal distribution has a full covariance; of larger ones it is diagonal.</summary>
    public const int LargestFullGaussian = 256;

    /// <summary>How many images are encoded for it: as good as all, and a fraction of a second.</summary>
    public const int MostImages = 10_000;

    private const int MostNumbers = 1 << 22; // of the codes that are measured
    private const int MostKept = 60_000; // numbers of a mixture: it is a part of the model's description, which has a limit
    private const int LargestKept = 16_384; // numbers of a code

    private static readonly int[] s_choices = [1, 2, 5, 10, 20, 30];

    /// <summary>Measures the codes of a model's training images: of up to <see cref="MostImages"/> of them, evenly from the whole set.</summary>
    /// <param name="model">The model; <see cref="ModelInfo.Codes"/> is where the result is kept.</param>
    /// <param name="images">The images that it was trained on.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="LatentException">The images do not fit the model, a code is not finite, or an option is out of range.</exception>
    public static CodeDistribution Fit(Autoencoder model, ImageSet images, MixtureOptions? options = null) =>
        Fit(model.Encode(Some(images, model.LatentSize)), model.LatentSize, options);

    /// <summary>
    /// As <see cref="Fit(Autoencoder, ImageSet, MixtureOptions?)"/>, to be kept with the model at a training's end: of a quarter as many images and in
    /// at most 12 rounds, which takes a tenth of a second; null where that is of no use: codes that are not finite, or of more than 16,384 numbers.
    /// </summary>
    /// <param name="model">The model; <see cref="ModelInfo.Codes"/> is where the result is kept.</param>
    /// <param name="images">The images that it was trained on.</param>
    /// <exception cref="LatentException">The images do not fit the model.</exception>
    public static CodeDistribution? ToKeep(Autoencoder model, ImageSet images)
    {
        if (model.LatentSize > LargestKept)
            return null;
        float[] codes = model.Encode(Some(images, model.LatentSize, MostImages / 4));
        return Array.TrueForAll(codes, float.IsFinite) ? Fit(codes, model.LatentSize, new() { Rounds = 12 }) : null;
    }

    /// <summary>Measures codes.</summary>
    /// <param name="codes">n × latent numbers, all finite.</param>
    /// <param name="latentSize">How many numbers a code has.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="LatentException">The numbers are no whole codes or not finite, or an option is out of range.</exception>
    public static CodeDistribution Fit(ReadOnlySpan<float> codes, int latentSize, MixtureOptions? options = null)
    {
        options ??= new();
        options.Check();
        int count = CodeRows.Count(codes, latentSize);
        foreach (float number in codes)
        {
            if (!float.IsFinite(number))
                throw new LatentException(
                    "The codes cannot be measured.",
                    "finite numbers",
                    $"{number}",
                    "train with a lower learning rate: the weights have diverged"
                );
        }
        var ranges = CodeStatistics.Ranges(codes, latentSize);
        var gaussian = new MixtureFit(codes, latentSize, latentSize <= LargestFullGaussian, options).Run(1);
        bool full = latentSize <= LargestFullMixture;
        int components = options.Components > 0 ? options.Components : Choose(codes, latentSize, full, options);
        // a component of a few codes would be those codes
        components = Math.Clamp(Math.Min(components, count / 20), 1, Math.Max(1, MostKept / latentSize / (full ? latentSize / 2 + 2 : 2)));
        var mixture = new MixtureFit(codes, latentSize, full, options).Run(components);
        return new([.. ranges.Select(range => (float)range.Low)], [.. ranges.Select(range => (float)range.High)], gaussian, mixture);
    }

    /// <summary>The number of components under which a fifth of the codes, which is held out, is the likeliest.</summary>
    private static int Choose(ReadOnlySpan<float> codes, int latentSize, bool full, MixtureOptions options)
    {
        int count = codes.Length / latentSize;
        var order = new int[count];
        for (int i = 0; i < count; i++)
            order[i] = i;
        new RandomStream(options.Seed, "mixture/held-out").Shuffle<int>(order);
        int held = count / 5;
        if (held == 0)
            return 1;
        float[] kept = Rows(codes, order.AsSpan(held)),
            tested = Rows(codes, order.AsSpan(0, held));
        var fit = new MixtureFit(kept, latentSize, full, options);
        return s_choices
            .Where(components => components == 1 || count / 20 >= components)
            .MaxBy(components =>
            {
                var mixture = fit.Run(components);
                double sum = 0;
                for (int i = 0; i < held; i++)
                    sum += mixture.LogDensity(tested.AsSpan(i * latentSize, latentSize));
                return sum;
            });

        float[] Rows(ReadOnlySpan<float> all, ReadOnlySpan<int> rows)
        {
            var taken = new float[rows.Length * latentSize];
            for (int i = 0; i < rows.Length; i++)
                all.Slice(rows[i] * latentSize, latentSize).CopyTo(taken.AsSpan(i * latentSize));
            return taken;
        }
    }

    private static ImageSet Some(ImageSet images, int latentSize, int mostImages = MostImages) =>
        images.Spread(Math.Clamp(MostNumbers / latentSize, 1, mostImages));
}
