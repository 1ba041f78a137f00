using Latent.Models;
using Latent.Networks;

namespace Latent.Training;

/// <summary>How a folder of image files becomes a data set: with the files themselves all that decides it.</summary>
/// <param name="Shape">Height, width and channels of each image: 1 for grey, 3 for colour.</param>
public sealed record FolderReading(Shape Shape)
{
    /// <summary>Height and width where nothing is said of them.</summary>
    public const int DefaultSide = 64;

    /// <summary>How images of another size are brought to it.</summary>
    public ImageFit Fit { get; init; } = ImageFit.Crop;

    /// <summary>The share of files that are held out to validate with, from 0.</summary>
    public double Validation { get; init; } = 0.1;

    /// <summary>The share of files that are held out to test with, from 0.</summary>
    public double Test { get; init; } = 0.1;
}
