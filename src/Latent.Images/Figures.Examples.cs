using Latent.Data;

namespace Latent.Images;

public static partial class Figures
{
    /// <summary>The first images of a set, each over its label.</summary>
    /// <param name="images">The set, grey or colour.</param>
    /// <param name="options"><see cref="FigureOptions.Examples"/> and the scales count here.</param>
    /// <exception cref="LatentException">An option is out of range, or the images have neither 1 nor 3 channels.</exception>
    public static Figure Examples(ImageSet images, FigureOptions? options = null) => throw new NotSupportedException();
}
