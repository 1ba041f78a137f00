namespace Latent.Data;

/// <summary>Images to train on and images to test with, of one shape. Immutable and thread-safe.</summary>
/// <param name="Name">What it is called in titles and messages.</param>
/// <param name="Train">The images to train on.</param>
/// <param name="Test">The images to test with.</param>
/// <exception cref="LatentException">The two have images of different shapes.</exception>
public sealed record DataSet(string Name, ImageSet Train, ImageSet Test)
{
    private string? _checksum;

    /// <summary>The images to train on.</summary>
    public ImageSet Train { get; } = Train;

    /// <summary>The images to test with.</summary>
    public ImageSet Test { get; } =
        Test.Shape == Train.Shape
            ? Test
            : throw new LatentException(
                $"The images of the data set '{Name}' differ in shape.",
                $"test images of {Train.Shape}, as the training images are",
                $"{Test.Shape}"
            );

    /// <summary>SHA-256, 64 lower-case hex digits, over both parts, each as in <see cref="ImageSet.Checksum"/>. Computed when first asked for.</summary>
    public string Checksum => _checksum ??= ImageSet.ChecksumOf(Train, Test);

    /// <summary>Whether both are the same images in memory under the same name.</summary>
    public bool Equals(DataSet? other) => other is not null && Name == other.Name && Train == other.Train && Test == other.Test;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Train, Test);
}
