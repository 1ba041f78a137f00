using Latent.Analysis;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Tests.Analysis;

public sealed class MetricTests
{
    [Fact]
    public void Equal_images_are_as_near_as_can_be()
    {
        float[] image = Random(24 * 17 * 3, 1);
        Assert.Equal(0, ImageMetrics.MeanAbsoluteError(image, image));
        Assert.Equal(double.PositiveInfinity, ImageMetrics.Psnr(image, image));
        Assert.Equal(1, StructuralSimilarity.Of(image, image, new(24, 17, 3)), 1e-12);
        Assert.Equal(1, StructuralSimilarity.Of(image, image, new(24, 17, 3), SsimWindow.Uniform), 1e-12);
    }

    [Fact]
    public void Ssim_is_that_of_its_windows()
    {
        // one window: the formula by hand
        float[] a = Random(49, 1),
            b = Random(49, 2);
        double meanA = a.Average(x => (double)x),
            meanB = b.Average(x => (double)x),
            varianceA = a.Sum(x => Math.Pow(x - meanA, 2)) / 48,
            varianceB = b.Sum(x => Math.Pow(x - meanB, 2)) / 48,
            covariance = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum() / 48;
        double expected =
            (2 * meanA * meanB + 4e-4)
            * (2 * covariance + 36e-4)
            / ((meanA * meanA + meanB * meanB + 4e-4) * (varianceA + varianceB + 36e-4));
        Assert.Equal(expected, StructuralSimilarity.Of(a, b, new(7, 7, 1), SsimWindow.Uniform, range: 2), 1e-12);
    }

    [Fact]
    public void Ranking_counts_pairs()
    {
        var random = new RandomStream(3, "tests/ranking");
        bool[] kinds = [.. Enumerable.Range(0, 80).Select(_ => random.NextDouble() < 0.3)];
        double[] scores = [.. kinds.Select(kind => Math.Round(random.NextGaussian() + (kind ? 1 : 0), 1))];
        double won = 0,
            pairs = 0;
        for (int i = 0; i < 80; i++)
        for (int j = 0; j < 80; j++)
            if (kinds[i] && !kinds[j])
                (won, pairs) = (
                    won
                        + (
                            scores[i] > scores[j] ? 1
                            : scores[i] == scores[j] ? 0.5
                            : 0
                        ),
                    pairs + 1
                );
        Assert.Equal(won / pairs, Ranking.Auroc(kinds, scores), 1e-12);
        Assert.Equal(1, Ranking.AveragePrecision([false, true, true], [1, 2, 3]));
        Assert.Equal(1 / 3.0, Ranking.AveragePrecision([true, false, false], [1, 1, 1]), 1e-12);
        Assert.Equal(0, Ranking.Auroc([true, false], [double.NegativeInfinity, double.PositiveInfinity]));
    }

    [Fact]
    public void What_cannot_be_measured_is_told()
    {
        Told(() => ImageMetrics.MeanSquaredError([], []), "nothing to compare");
        Told(() => ImageMetrics.Psnr([1], [1, 2]), "do not fit each other");
        Told(() => ImageMetrics.Psnr([1], [1], 0), "The range of the pixels");
        Told(() => StructuralSimilarity.Of(new float[100], new float[100], new(10, 10, 1)), "too small");
        Told(() => StructuralSimilarity.Of(new float[100], new float[100], Shape.Vector(100)), "too small");
        Told(() => StructuralSimilarity.Of(new float[100], new float[99], new(10, 10, 1)), "do not fit the shape");
        Told(() => Ranking.Auroc([true], [1]), "at least one of each kind");
        Told(() => Ranking.Auroc([true, false], [1]), "do not fit the kinds");
        Told(() => Ranking.AveragePrecision([true, false], [1, double.NaN]), "not a number");

        static void Told(Func<object> act, string part) => Assert.Contains(part, Assert.Throws<LatentException>(act).Message);
    }

    private static float[] Random(int count, long seed)
    {
        var random = new RandomStream(seed, "tests/metrics");
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble())];
    }
}
