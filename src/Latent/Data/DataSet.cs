namespace Latent.Data;

/// <summary>
/// Images to train on and images to test with, of one shape; between them perhaps some to validate with. Immutable and thread-safe.
/// </summary>
/// <param name="Name">What it is called in titles and messages.</param>
/// <param name="Train">The images to train on.</param>
/// <param name="Test">The images to test with.</param>
/// <exception cref="LatentException">The parts have images of different shapes.</exception>
public sealed record DataSet(string Name, ImageSet Train, ImageSet Test)
{
    private readonly ImageSet? _validation;
    private string? _checksum;

    /// <summary>The images to train on.</summary>
    public ImageSet Train { get; } = Train;

    /// <summary>The images to test with.</summary>
    public ImageSet Test { get; } = OfShape(Name, Train, Test, "test");

    /// <summary>
    /// The images that epochs, early stopping and thresholds are judged by, apart from those of the test; null where the data set has none, and
    /// the test images judge, as the article has it.
    /// </summary>
    /// <exception cref="LatentException">They have another shape than the training images.</exception>
    public ImageSet? Validation
    {
        get => _validation;
        init => _validation = value is null ? null : OfShape(Name, Train, value, "validation");
    }

    /// <summary>The images that a training is judged by: <see cref="Validation"/>, or where there are none <see cref="Test"/>.</summary>
    public ImageSet ValidationOrTest => Validation ?? Test;

    /// <summary>SHA-256, 64 lower-case hex digits, over all parts (training, validation where there is one, test), each as in <see cref="ImageSet.Checksum"/>. Computed when first asked for.</summary>
    public string Checksum => _checksum ??= Validation is { } v ? ImageSet.ChecksumOf(Train, v, Test) : ImageSet.ChecksumOf(Train, Test);

    /// <summary>Whether all parts are the same images in memory under the same name.</summary>
    public bool Equals(DataSet? other) =>
        other is not null && Name == other.Name && Train == other.Train && Validation == other.Validation && Test == other.Test;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Train, Validation, Test);

    private static ImageSet OfShape(string name, ImageSet train, ImageSet part, string what) =>
        part.Shape == train.Shape
            ? part
            : throw new LatentException(
                $"The images of the data set '{name}' differ in shape.",
                $"{what} images of {train.Shape}, as the training images are",
                $"{part.Shape}"
            );
}
