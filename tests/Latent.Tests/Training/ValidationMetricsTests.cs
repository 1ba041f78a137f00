using Latent.Analysis;
using Latent.Training;

namespace Latent.Tests.Training;

public sealed class ValidationMetricsTests
{
    [Fact]
    public void Metrics_of_the_validation_stand_in_the_history()
    {
        var test = SmallMnist.Test(40);
        var model = SmallMnist.Model(2);
        var options = new TrainingOptions { Epochs = 2, Metrics = ["ssim", "mse", "psnr", "mae"] };
        var result = model.Fit(SmallMnist.Train(100), test, options, cancellation: TestContext.Current.CancellationToken);
        var last = result.History[^1];
        Assert.Equal(["val_mae", "val_mse", "val_psnr", "val_ssim"], last.Metrics.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(last.ValLoss!.Value, last.Metrics["val_mse"], 1e-6);

        float[] made = model.Reconstruct(test);
        float[] images = [.. test.Pixels.ToArray().Select(pixel => pixel / 255f)];
        Assert.Equal(ImageMetrics.MeanAbsoluteError(made, images), last.Metrics["val_mae"], 1e-9);
        Assert.Equal(
            Enumerable.Range(0, 40).Average(n => ImageMetrics.Psnr(made.AsSpan(n * 784, 784), images.AsSpan(n * 784, 784))),
            last.Metrics["val_psnr"],
            1e-9
        );
        Assert.InRange(last.Metrics["val_ssim"], -1, 1);
    }

    [Fact]
    public void Without_validation_images_there_are_none()
    {
        var options = new TrainingOptions { Metrics = ["psnr"] };
        var result = SmallMnist.Model(2).Fit(SmallMnist.Train(40), null, options, cancellation: TestContext.Current.CancellationToken);
        Assert.Empty(result.History[0].Metrics);
    }

    [Fact]
    public void Images_that_are_too_small_are_told()
    {
        var model = FakeSteps.Model();
        var images = Latent.Data.ImageSet.FromPixels(new byte[12], 3, 2, 2);
        string message = Assert
            .Throws<LatentException>(() =>
                model.Fit(images, images, new() { Metrics = ["ssim"] }, cancellation: TestContext.Current.CancellationToken)
            )
            .Message;
        Assert.Contains("'ssim', which needs images of at least 11 × 11 pixels; the model gives (2, 2, 1)", message);
    }
}
