using Latent.Data;
using Latent.Networks;

namespace Latent.Tests.Data;

public sealed class ImageSetTests
{
    private static readonly byte[] s_pixels = [0, 1, 127, 128, 129, 255, 10, 20, 30, 40, 50, 60];

    private static ImageSet Three() => ImageSet.FromPixels(s_pixels, 3, 2, 2, labels: [2, 0, 1], name: "three");

    [Fact]
    public void Its_checksum_is_the_same_whoever_asked_first()
    {
        byte[] pixels = [.. Enumerable.Range(0, 4 * 6).Select(i => (byte)i)];
        ImageSet Some() => ImageSet.FromPixels(pixels, 4, 2, 3, labels: [0, 1, 2, 1]);
        var (train, test) = (Some(), ImageSet.FromPixels(pixels.AsSpan(6), 3, 2, 3));
        string both = new DataSet("both", train, test).Checksum;
        Assert.Equal(Some().Checksum, train.Checksum);
        Assert.Equal(ImageSet.FromPixels(pixels.AsSpan(6), 3, 2, 3).Checksum, test.Checksum);
        Assert.Equal(3, new[] { both, train.Checksum, test.Checksum }.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Holds_what_it_was_given()
    {
        var set = Three();
        Assert.Equal(("three", 3, new Shape(2, 2, 1)), (set.Name, set.Count, set.Shape));
        Assert.Equal(s_pixels, set.Pixels.ToArray());
        Assert.Equal([129, 255, 10, 20], set.Image(1).ToArray());
        Assert.Equal(["0", "1", "2"], set.LabelNames);
    }

    [Fact]
    public void Copies_the_pixels()
    {
        byte[] pixels = [.. s_pixels];
        var set = ImageSet.FromPixels(pixels, 3, 2, 2);
        pixels[0] = 99;
        Assert.Equal(0, set.Pixels[0]);
        Assert.False(set.HasLabels);
    }

    [Fact]
    public void A_slice_shares_the_pixels_and_takes_its_labels_along()
    {
        var set = Three();
        var slice = set.Slice(1, 2);
        Assert.Equal(s_pixels[4..], slice.Pixels.ToArray());
        Assert.Equal([0, 1], slice.Labels.ToArray());
        Assert.True(slice.Pixels.Overlaps(set.Pixels));
        Assert.Equal(3, set.Take(10).Count);
        Assert.Equal(s_pixels[..4], set.Take(1).Pixels.ToArray());
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    [InlineData(0, 4)]
    [InlineData(3, 1)]
    [InlineData(2, int.MaxValue)]
    public void A_range_outside_is_said(int start, int count) => Assert.Throws<LatentException>(() => Three().Slice(start, count));

    [Fact]
    public void Rounds_each_pixel_to_the_nearer_end() =>
        Assert.Equal([0, 0, 0, 255, 255, 255, 0, 0, 0, 0, 0, 0], Three().Rounded().Pixels.ToArray());

    [Fact]
    public void Numbers_that_do_not_fit_are_said()
    {
        Assert.Throws<LatentException>(() => ImageSet.FromPixels(s_pixels, 3, 2, 3));
        Assert.Throws<LatentException>(() => ImageSet.FromPixels([], 0, 2, 2));
        Assert.Throws<LatentException>(() => ImageSet.FromPixels(s_pixels, 3, 0, 2));
        Assert.Throws<LatentException>(() => ImageSet.FromPixels(s_pixels, 3, 2, 2, labels: [1, 2]));
        Assert.Throws<LatentException>(() => ImageSet.FromPixels(s_pixels, 3, 2, 2, labels: [1, 2, 3], labelNames: ["a"]));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 3)] // less than a batch is all there is
    public void Whole_batches(int batchSize, int count)
    {
        Assert.Equal(count, Three().WholeBatches(batchSize).Count);
        Assert.Equal(count, ImageSet.WholeBatches(3, batchSize));
    }
}
