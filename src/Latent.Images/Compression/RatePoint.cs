namespace Latent.Images;

/// <summary>One way to make images smaller: what it takes and what it keeps.</summary>
/// <param name="Method">What does it: "autoencoder", "PCA", "JPEG", "WebP", "PNG".</param>
/// <param name="Setting">How: bits a number, or a quality.</param>
/// <param name="Size">How many numbers a code has; null where there is no code.</param>
/// <param name="Bytes">Bytes an image, headers of files included.</param>
/// <param name="Payload">Bytes an image without them: the compressed pixels or codes alone.</param>
/// <param name="MeanSquaredError">The mean over all images, pixels from 0 to 1; 0 where nothing is lost.</param>
/// <param name="Ssim">The mean structural similarity; NaN where images are too small for it.</param>
public sealed record RatePoint(string Method, string Setting, int? Size, double Bytes, double Payload, double MeanSquaredError, double Ssim)
{
    /// <summary>The peak signal-to-noise ratio of <see cref="MeanSquaredError"/>, in decibels; infinite where nothing is lost.</summary>
    public double Psnr => 10 * Math.Log10(1 / MeanSquaredError);
}
