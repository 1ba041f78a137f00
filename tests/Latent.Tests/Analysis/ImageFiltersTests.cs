using Latent.Analysis;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Tests.Analysis;

public sealed class ImageFiltersTests
{
    [Fact]
    public void The_median_removes_single_pixels_and_keeps_edges()
    {
        var shape = new Shape(6, 6, 1);
        float[] image = [.. Enumerable.Range(0, 36).Select(i => i % 6 < 3 ? 0f : 1f)],
            noisy = [.. image];
        (noisy[7], noisy[22]) = (1, 0);
        Assert.Equal(image, ImageFilters.Median(noisy, shape, 1));
        Assert.Equal([.. image, .. image], ImageFilters.Median([.. noisy, .. image], shape, 1));
    }

    [Theory]
    [InlineData(1, 1, 0.3)]
    [InlineData(3, 1.5, 0.1)]
    public void The_bilateral_filter_is_the_mean_by_nearness_and_likeness(int channels, double spatial, double range)
    {
        var shape = new Shape(7, 9, channels);
        var random = new RandomStream(2, "pixels");
        float[] image = [.. Enumerable.Range(0, shape.Size).Select(_ => (float)random.NextDouble())],
            filtered = ImageFilters.Bilateral(image, shape, spatial, range);
        int radius = (int)Math.Ceiling(2 * spatial);
        float At(int y, int x, int c) => image[(Math.Clamp(y, 0, 6) * 9 + Math.Clamp(x, 0, 8)) * channels + c];
        for (int y = 0; y < 7; y++)
        for (int x = 0; x < 9; x++)
        for (int c = 0; c < channels; c++)
        {
            double sum = 0,
                weights = 0;
            for (int i = -radius; i <= radius; i++)
            for (int j = -radius; j <= radius; j++)
            {
                double square = Enumerable.Range(0, channels).Sum(k => Math.Pow(At(y + i, x + j, k) - At(y, x, k), 2)),
                    weight = Math.Exp(-(i * i + j * j) / (2 * spatial * spatial) - square / (2 * range * range));
                (sum, weights) = (sum + weight * At(y + i, x + j, c), weights + weight);
            }
            Assert.Equal(sum / weights, filtered[(y * 9 + x) * channels + c], 1e-5);
        }
    }

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        var shape = new Shape(4, 4, 1);
        Assert.Throws<LatentException>(() => ImageFilters.Median(new float[16], shape, 0));
        Assert.Throws<LatentException>(() => ImageFilters.Median(new float[15], shape, 1));
        Assert.Throws<LatentException>(() => ImageFilters.Median(new float[16], Shape.Vector(16), 1));
        Assert.Throws<LatentException>(() => ImageFilters.Bilateral(new float[16], shape, 0, 1));
        Assert.Throws<LatentException>(() => ImageFilters.Bilateral(new float[16], shape, 1, double.NaN));
    }
}
