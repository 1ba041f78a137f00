using Latent.Analysis;
using Latent.Engine;

namespace Latent.Tests.Analysis;

public sealed class RankingTests
{
    // by hand: from the top 9+ 8- 7+ 7- 5+ 3-; above 8.5: F1 = 2·1/(1+3) = 0.5, above 7.5 2/5, above 6 4/7, above 4 6/8, above all 6/9
    private static readonly bool[] s_kinds = [false, true, false, true, true, false];
    private static readonly double[] s_scores = [3, 9, 8, 7, 5, 7];

    [Fact]
    public void F1max_by_hand()
    {
        var (f1, threshold) = Ranking.F1Max(s_kinds, s_scores);
        Assert.Equal(0.75, f1, 1e-15);
        Assert.Equal(4, threshold);
    }

    [Theory]
    [InlineData(1, 1)] // 9+
    [InlineData(2, 0.5)] // 9+ 8-
    [InlineData(3, 0.5)] // 9+ 8- and half a positive: one of the two 7s
    [InlineData(4, 0.5)]
    [InlineData(5, 0.6)]
    [InlineData(6, 0.5)]
    public void Precision_at_n_by_hand(int n, double expected) => Assert.Equal(expected, Ranking.PrecisionAt(s_kinds, s_scores, n), 1e-15);

    [Fact]
    public void N_is_the_number_of_positives_if_nobody_says_otherwise() =>
        Assert.Equal(Ranking.PrecisionAt(s_kinds, s_scores, 3), Ranking.PrecisionAt(s_kinds, s_scores));

    [Fact]
    public void Equal_scores_are_found_together()
    {
        var (f1, threshold) = Ranking.F1Max([true, false, false], [1, 1, 1]);
        Assert.Equal(0.5, f1);
        Assert.True(threshold < 1 && threshold > 0.999999); // all or none: the threshold lies below all
        Assert.Equal(1 / 3.0, Ranking.PrecisionAt([true, false, false], [1, 1, 1], 2), 1e-15);
    }

    [Fact]
    public void Of_thresholds_of_the_same_F1_the_highest_is_given()
    {
        // above 3.5: 2·1/(1+2) = 2/3; above 0.5: 2·2/(4+2) = 2/3
        var (f1, threshold) = Ranking.F1Max([true, false, false, true], [4, 3, 2, 1]);
        Assert.Equal(2 / 3.0, f1, 1e-15);
        Assert.Equal(3.5, threshold);
    }

    [Fact]
    public void The_threshold_tells_the_found_from_the_others()
    {
        double next = double.BitIncrement(1);
        foreach (
            var (kinds, scores) in ((bool[], double[])[])
                [
                    ([true, false], [next, 1]),
                    ([true, false], [double.PositiveInfinity, 1]),
                    ([true, false], [1, double.NegativeInfinity]),
                    ([true, false], [double.MaxValue, -double.MaxValue]),
                ]
        )
        {
            var (f1, threshold) = Ranking.F1Max(kinds, scores);
            Assert.Equal(1, f1);
            Assert.True(scores[0] > threshold && !(scores[1] > threshold), $"{threshold}");
        }
    }

    [Fact]
    public void F1max_is_the_best_that_any_threshold_gives()
    {
        var random = new RandomStream(7, "tests/f1");
        for (int round = 0; round < 30; round++)
        {
            bool[] kinds = [true, false, .. Enumerable.Range(0, 40).Select(_ => random.NextDouble() < 0.3)];
            double[] scores = [.. kinds.Select(kind => Math.Round(2 * random.NextGaussian() + (kind ? 2 : 0)))];
            var (f1, threshold) = Ranking.F1Max(kinds, scores);
            Assert.Equal(scores.Select(score => score - 0.5).Max(At), f1, 1e-12);
            Assert.Equal(f1, At(threshold), 1e-12);

            double At(double cut)
            {
                int both = kinds.Zip(scores).Count(pair => pair.First && pair.Second > cut);
                return 2.0 * both / (kinds.Count(kind => kind) + scores.Count(score => score > cut));
            }
        }
    }

    [Fact]
    public void A_percentile_of_normal_scores()
    {
        double[] scores = [4, 1, 3, 2, 5];
        Assert.Equal(5, Thresholds.OfNormal(scores, 1));
        Assert.Equal(3, Thresholds.OfNormal(scores, 0.5));
        Assert.Equal(4.96, Thresholds.OfNormal(scores), 1e-12); // between the 4th and the 5th, at 0.99 · 4
        Assert.Equal(7, Thresholds.OfNormal([7]));
        Told(() => Thresholds.OfNormal([]), "at least one");
        Told(() => Thresholds.OfNormal([1, double.NaN]), "finite");
        Told(() => Thresholds.OfNormal([1], 1.5), "0 to 1");
        Told(() => Ranking.PrecisionAt([true, false], [1, 2], 3), "1 to 2");
        Told(() => Ranking.F1Max([true, true], [1, 2]), "one of each kind");
    }

    [Fact]
    public void The_errors_of_pixels_are_means_over_channels()
    {
        float[] image = [0, 0.5f, 1, 1, 1, 1],
            again = [0, 0.5f, 0, 0.5f, 1, 1];
        Assert.Equal([1 / 3f, 0.25f / 3], PixelErrors.Of(image, again, new(1, 2, 3)));
        Assert.Equal(ImageMetrics.MeanSquaredError(image, again), PixelErrors.Of(image, again, new(2, 3, 1)).Average(), 1e-7);
        Told(() => PixelErrors.Of(image, again, Latent.Networks.Shape.Vector(6)), "no pixels");
        Told(() => PixelErrors.Of(image, again.AsSpan(1), new(1, 2, 3)), "do not fit the images");
    }

    private static void Told(Func<object> act, string part) => Assert.Contains(part, Assert.Throws<LatentException>(act).Message);
}
