using Latent.Data;
using Latent.Tests.Shared;

namespace Latent.Images.Tests;

public sealed class RateDistortionTests
{
    private static readonly ImageSet Digits = Mnist.Load(Repository.Mnist).Test.Take(200);

    /// <summary>Pillow's encoder, which is the same library, gave these errors for the first 1,000 test images; sizes depend on its tables.</summary>
    [Theory]
    [InlineData(10, 0.00509)]
    [InlineData(50, 0.00114)]
    public void JpegLosesWhatItLosesElsewhere(int quality, double mse)
    {
        var point = RateDistortion.Files(Digits, PictureFormat.Jpeg, quality);
        Assert.InRange(point.MeanSquaredError, 0.9 * mse, 1.1 * mse);
        Assert.InRange(point.Payload, 20, point.Bytes - 100);
        Assert.InRange(point.Ssim, 0.7, 1);
    }

    [Fact]
    public void PngLosesNothing()
    {
        var point = RateDistortion.Files(Digits, PictureFormat.Png, 100);
        Assert.Equal((0, 1), (point.MeanSquaredError, point.Ssim));
        Assert.Equal(double.PositiveInfinity, point.Psnr);
        Assert.InRange(point.Bytes, 200, 320);
        Assert.InRange(point.Payload, 100, point.Bytes - 50);
    }

    [Theory]
    [InlineData(28, 28, 1)]
    [InlineData(9, 17, 3)]
    public void ASheetGivesItsImagesBack(int height, int width, int channels)
    {
        var images = Samples.Set(13, height, width, channels);
        Assert.Equal(0, RateDistortion.Sheet(images, PictureFormat.Png, 100).MeanSquaredError);
    }

    [Fact]
    public void QualitiesAreFoundForBytes()
    {
        var point = RateDistortion.SheetOf(Digits, PictureFormat.WebP, 80);
        Assert.InRange(point.Bytes, 72, 88);
        Assert.Equal("quality 0", RateDistortion.SheetOf(Digits, PictureFormat.WebP, 1).Setting);
        Assert.Equal("quality 100", RateDistortion.SheetOf(Digits, PictureFormat.Jpeg, 1e6).Setting);
    }
}
