using Latent.Analysis;
using Latent.Data;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Cli.Denoise;

/// <summary>
/// A median and a bilateral filter with settings that suit the noise: of a small grid those with the highest PSNR on other images than those
/// that are measured.
/// </summary>
/// <param name="Radius">The median's.</param>
/// <param name="Spatial">The bilateral filter's deviation in pixels.</param>
/// <param name="Range">Its deviation in the pixels' values.</param>
/// <param name="ChosenOn">What the settings were chosen on; null where there was nothing, and they are usual ones.</param>
internal sealed record Baselines(int Radius, double Spatial, double Range, string? ChosenOn)
{
    private const int Images = 200;
    private static readonly int[] s_radii = [1, 2, 3];
    private static readonly double[] s_spatial = [0.7, 1, 1.5, 2.5],
        s_ranges = [0.1, 0.2, 0.4, 0.8, 1.6];

    /// <summary>For the help.</summary>
    public static string Grid =>
        $"radius {string.Join(", ", s_radii)}; σ of {string.Join(", ", s_spatial)} pixels and of {string.Join(", ", s_ranges)} in value";

    public string MedianName => $"median {2 * Radius + 1} × {2 * Radius + 1}";

    public string BilateralName => $"bilateral σ {Spatial}, {Range}";

    public float[] Median(float[] images, Shape shape) => ImageFilters.Median(images, shape, Radius);

    public float[] Bilateral(float[] images, Shape shape) => ImageFilters.Bilateral(images, shape, Spatial, Range);

    /// <summary>The best of the grid on some training images, or usual settings where there are none.</summary>
    public static Baselines Choose(ImageSet? training, InputNoise noise, long seed)
    {
        if (training is null)
            return new(1, 1.5, 0.4, null);
        var some = training.Take(Images);
        var shape = some.Shape;
        float[] clean = new float[some.Count * shape.Size],
            noisy = noise.Apply(some, seed + 1).Numbers.ToArray(); // not the noise of the images that are measured
        for (int i = 0; i < some.Count; i++)
            some.CopyTo(i, clean.AsSpan(i * shape.Size, shape.Size));
        int radius = s_radii.MaxBy(r => Psnr(ImageFilters.Median(noisy, shape, r)));
        var (spatial, range) = s_spatial
            .SelectMany(s => s_ranges.Select(r => (s, r)))
            .MaxBy(pair => Psnr(ImageFilters.Bilateral(noisy, shape, pair.s, pair.r)));
        return new(radius, spatial, range, $"the first {some.Count} training images of '{training.Name}'");

        double Psnr(float[] filtered) =>
            Enumerable
                .Range(0, some.Count)
                .Sum(i => ImageMetrics.Psnr(filtered.AsSpan(i * shape.Size, shape.Size), clean.AsSpan(i * shape.Size, shape.Size)));
    }
}
