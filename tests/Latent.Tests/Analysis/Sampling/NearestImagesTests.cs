using Latent.Analysis;
using Latent.Data;
using Latent.Engine;
using Latent.Tests.Shared;

namespace Latent.Tests.Analysis.Sampling;

public sealed class NearestImagesTests
{
    [Theory]
    [InlineData(28, 28, 1)]
    [InlineData(5, 7, 3)]
    [InlineData(150, 151, 3)] // more than one piece of 32,768 bytes
    public void The_nearest_is_that_of_plain_loops(int height, int width, int channels)
    {
        var random = new RandomStream(1, "pixels");
        var images = ImageSet.FromPixels(Bytes(40), 40, height, width, channels);
        byte[] queries = Bytes(35);
        int size = images.Shape.Size;
        var found = NearestImages.Find(queries, images);
        for (int q = 0; q < 35; q++)
        {
            long[] squares =
            [
                .. Enumerable
                    .Range(0, 40)
                    .Select(n => Enumerable.Range(0, size).Sum(p => (long)Math.Pow(queries[q * size + p] - images.Image(n)[p], 2))),
            ];
            Assert.Equal(Array.IndexOf(squares, squares.Min()), found[q].Index);
            Assert.Equal(Math.Sqrt(squares.Min()) / 255, found[q].Distance);
        }

        byte[] Bytes(int count) => [.. Enumerable.Range(0, count * height * width * channels).Select(_ => (byte)(random.Next(3) * 127))];
    }

    [Fact]
    public void The_greatest_differences_do_not_overflow()
    {
        var white = ImageSet.FromPixels([.. Enumerable.Repeat((byte)255, 300 * 300)], 1, 300, 300);
        Assert.Equal(300, NearestImages.Find(new byte[300 * 300], white)[0].Distance);
    }

    [Fact]
    public void Training_images_are_near_themselves_and_noise_is_far()
    {
        var (train, test) = Mnist.Load(Repository.Mnist);
        train = train.Take(2000);
        double limit = SampleReview.LimitOf(test.Take(200), train);
        var same = SampleReview.Of(train.Take(10).Pixels.ToArray(), train, limit);
        Assert.Equal(Enumerable.Range(0, 10), same.Nearest);
        Assert.Equal(0, same.FarShare);
        Assert.Equal(10, same.LabelCounts.Sum());
        Assert.Equal([.. train.Labels[..10]], same.Nearest.Select(i => train.Labels[i]));
        var random = new RandomStream(1, "noise");
        byte[] noise = [.. Enumerable.Range(0, 5 * 784).Select(_ => (byte)random.Next(256))];
        var far = SampleReview.Of(noise, train, limit);
        Assert.Equal(1, far.FarShare);
        Assert.Equal(0, far.LabelCounts.Sum());
        Assert.Throws<LatentException>(() => NearestImages.Find(new byte[783], train));
    }
}
