namespace Latent.Images;

/// <summary>
/// The figures of an autoencoder. Each takes data, not models, and gives a <see cref="Figure"/> to save. Images are drawn pixel by pixel, grey
/// or colour.
/// </summary>
public static partial class Figures
{
    /// <summary>How wide rows of images may become, in units.</summary>
    private const float MaxWidth = 1010;

    /// <summary>How large an image in such a row is, about, in units.</summary>
    private const float ImageSide = 84;

    private static FigureOptions Checked(FigureOptions? options)
    {
        options ??= new();
        options.Validate();
        return options;
    }
}
