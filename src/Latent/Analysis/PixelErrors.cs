using Latent.Networks;

namespace Latent.Analysis;

/// <summary>How unlike its reconstruction an image is, pixel by pixel: what a heat map shows.</summary>
public static class PixelErrors
{
    /// <summary>
    /// The squared difference at each pixel, the mean over its channels. Their mean over an image is its mean squared error.
    /// </summary>
    /// <param name="images">n images: pixels from 0 to 1 in the order height, width, channel.</param>
    /// <param name="reconstructions">As many numbers.</param>
    /// <param name="shape">The shape of an image.</param>
    /// <returns>n × height × width numbers of at least 0.</returns>
    /// <exception cref="LatentException">The shape is a vector, there is no image, or the numbers fit neither the shape nor each other.</exception>
    public static float[] Of(ReadOnlySpan<float> images, ReadOnlySpan<float> reconstructions, Shape shape)
    {
        if (shape.IsVector)
            throw new LatentException("What is no image has no pixels.", "height × width × channels", $"{shape}");
        if (images.IsEmpty || images.Length % shape.Size != 0 || reconstructions.Length != images.Length)
            throw new LatentException(
                "The reconstructions do not fit the images.",
                $"as many numbers of both, {shape.Size} for each image of {shape}",
                $"{images.Length} and {reconstructions.Length}"
            );
        var errors = new float[images.Length / shape.Channels];
        for (int i = 0; i < errors.Length; i++)
        {
            float sum = 0;
            for (int k = i * shape.Channels; k < (i + 1) * shape.Channels; k++)
                sum += (images[k] - reconstructions[k]) * (images[k] - reconstructions[k]);
            errors[i] = sum / shape.Channels;
        }
        return errors;
    }
}
