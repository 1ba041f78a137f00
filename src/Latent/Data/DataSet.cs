using System.Buffers.Binary;
using System.Security.Cryptography;

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

    /// <summary>
    /// SHA-256, 64 lower-case hex digits, over both parts: count, height, width and channels (four little-endian 32-bit numbers), the pixels,
    /// the number of labels (32 bits) and the labels. Computed when first asked for.
    /// </summary>
    public string Checksum => _checksum ??= Compute();

    /// <summary>Whether both are the same images in memory under the same name.</summary>
    public bool Equals(DataSet? other) => other is not null && Name == other.Name && Train == other.Train && Test == other.Test;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Train, Test);

    private string Compute()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (ReadOnlySpan<ImageSet>)[Train, Test])
        {
            Add(part.Count, part.Shape.Height, part.Shape.Width, part.Shape.Channels);
            hash.AppendData(part.Pixels);
            Add(part.Labels.Length);
            hash.AppendData(part.Labels);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(params ReadOnlySpan<int> numbers)
        {
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            foreach (int number in numbers)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
                hash.AppendData(bytes);
            }
        }
    }
}
