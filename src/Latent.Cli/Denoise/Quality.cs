using System.Text.Json.Nodes;
using Latent.Analysis;
using Latent.Cli.Output;
using Latent.Networks;

namespace Latent.Cli.Denoise;

/// <summary>How near images are to the clean ones: the means over images of each one's own numbers.</summary>
/// <param name="Images">Over how many.</param>
/// <param name="Mse">The sum of the mean squared errors.</param>
/// <param name="Psnr">The sum of the peak signal-to-noise ratios, in decibels.</param>
/// <param name="Ssim">The sum of the structural similarities; null where the images are too small for it.</param>
internal readonly record struct Quality(int Images, double Mse, double Psnr, double? Ssim)
{
    public static Quality None { get; } = new(0, 0, 0, 0);

    public double MeanMse => Mse / Images;

    public double MeanPsnr => Psnr / Images;

    public double? MeanSsim => Ssim / Images;

    public static Quality Of(float[] images, float[] clean, Shape shape)
    {
        int count = images.Length / shape.Size;
        bool structural = SsimWindow.Gaussian.Fits(shape);
        var each = new (double Mse, double Psnr, double Ssim)[count];
        Parallel.For(
            0,
            count,
            i =>
            {
                var image = images.AsSpan(i * shape.Size, shape.Size);
                var other = clean.AsSpan(i * shape.Size, shape.Size);
                each[i] = (
                    ImageMetrics.MeanSquaredError(image, other),
                    ImageMetrics.Psnr(image, other),
                    structural ? StructuralSimilarity.Of(image, other, shape) : 0
                );
            }
        );
        return new(count, each.Sum(e => e.Mse), each.Sum(e => e.Psnr), structural ? each.Sum(e => e.Ssim) : null);
    }

    public Quality Plus(Quality more) => new(Images + more.Images, Mse + more.Mse, Psnr + more.Psnr, Ssim + more.Ssim);

    /// <summary>For a figure: "14.2 dB, SSIM 0.61".</summary>
    public string InWords => $"{MeanPsnr:F1} dB{(MeanSsim is { } ssim ? $", SSIM {ssim:F2}" : "")}";

    public string[] Cells => [Numbers.Loss(MeanMse), $"{MeanPsnr:F2}", MeanSsim is { } ssim ? $"{ssim:F4}" : "-"];

    public JsonObject ToJson() =>
        new()
        {
            ["mse"] = Json.Number(MeanMse),
            ["psnr"] = Json.Number(MeanPsnr),
            ["ssim"] = Json.Number(MeanSsim),
        };
}
