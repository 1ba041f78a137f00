using Latent.Data;

namespace Latent.Images;

public static partial class Figures
{
    /// <summary>The first images of a set over what a model makes of them, with the squared error of each.</summary>
    /// <param name="originals">The images.</param>
    /// <param name="reconstructions">n × image size numbers from 0 to 1, of the first n images; as many as are drawn or more.</param>
    /// <param name="options"><see cref="FigureOptions.Reconstructions"/> and the scales count here.</param>
    /// <exception cref="LatentException">An option is out of range, the numbers do not fit the images, or these have neither 1 nor 3 channels.</exception>
    public static Figure Reconstructions(ImageSet originals, ReadOnlySpan<float> reconstructions, FigureOptions? options = null) =>
        throw new NotSupportedException();
}
