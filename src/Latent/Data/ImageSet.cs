using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Latent.Data;

/// <summary>
/// Images in memory as bytes (0 to 255), with labels where they have some. Pixels run image by image, then height, width, channels. Immutable
/// and thread-safe; a slice shares the pixels of its source.
/// </summary>
public sealed class ImageSet : SampleSet
{
    private readonly ReadOnlyMemory<byte> _pixels;
    private readonly ReadOnlyMemory<byte> _labels;
    private string? _checksum;

    private ImageSet(
        string name,
        Networks.Shape shape,
        ReadOnlyMemory<byte> pixels,
        ReadOnlyMemory<byte> labels,
        IReadOnlyList<string> labelNames
    )
        : base(name, shape, pixels.Length / shape.Size) => (_pixels, _labels, LabelNames) = (pixels, labels, labelNames);

    /// <summary>All pixels.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels.Span;

    /// <summary>A label per image, an index into <see cref="LabelNames"/>; empty where there are none.</summary>
    public ReadOnlySpan<byte> Labels => _labels.Span;

    /// <summary>Whether each image has a label.</summary>
    public bool HasLabels => !_labels.IsEmpty;

    /// <summary>The names of the labels; empty where there are none.</summary>
    public IReadOnlyList<string> LabelNames { get; }

    /// <summary>
    /// SHA-256, 64 lower-case hex digits, over count, height, width and channels (four little-endian 32-bit numbers), the pixels, the number
    /// of labels (32 bits) and the labels. Computed when first asked for.
    /// </summary>
    public override string Checksum => _checksum ??= ChecksumOf(this);

    internal override ReadOnlySpan<byte> Memory => Pixels;

    internal override bool IsBytes => true;

    /// <summary>Images from pixels in memory, which are copied.</summary>
    /// <param name="pixels">count × height × width × channels bytes.</param>
    /// <param name="count">How many images, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="channels">1 for grey, 3 for colour.</param>
    /// <param name="labels">A label per image, or empty.</param>
    /// <param name="labelNames">The labels' names; null for their numbers.</param>
    /// <param name="name">What the set is called.</param>
    /// <exception cref="LatentException">The numbers do not fit each other.</exception>
    public static ImageSet FromPixels(
        ReadOnlySpan<byte> pixels,
        int count,
        int height,
        int width,
        int channels = 1,
        ReadOnlySpan<byte> labels = default,
        IReadOnlyList<string>? labelNames = null,
        string name = "images"
    )
    {
        var shape = new Networks.Shape(height, width, channels);
        if (count < 1 || pixels.Length != (long)count * shape.Size)
            throw new LatentException(
                "The pixels do not fit the numbers given.",
                $"count × height × width × channels = {count} × {height} × {width} × {channels} = {(long)count * shape.Size} bytes, at least one image",
                $"{pixels.Length} bytes"
            );
        if (!labels.IsEmpty && labels.Length != count)
            throw new LatentException("The labels do not fit the images.", $"{count} labels", $"{labels.Length}");
        int classes = 0;
        foreach (byte label in labels)
            classes = Math.Max(classes, label + 1);
        labelNames ??= [.. Enumerable.Range(0, classes).Select(i => i.ToString())];
        if (labelNames.Count < classes)
            throw new LatentException("A label has no name.", $"labels below {labelNames.Count}", $"{classes - 1}");
        return new(name, shape, pixels.ToArray(), labels.ToArray(), labelNames);
    }

    /// <summary>Images around arrays that the caller gives away: nothing is copied.</summary>
    internal static ImageSet Own(string name, Networks.Shape shape, byte[] pixels, byte[] labels, IReadOnlyList<string> labelNames) =>
        new(name, shape, pixels, labels, labelNames);

    /// <summary>The pixels of one image.</summary>
    public ReadOnlySpan<byte> Image(int index) => _pixels.Span.Slice(index * Shape.Size, Shape.Size);

    /// <inheritdoc/>
    public override ImageSet Slice(int start, int count)
    {
        CheckRange(start, count);
        return new(
            Name,
            Shape,
            _pixels.Slice(start * Shape.Size, count * Shape.Size),
            HasLabels ? _labels.Slice(start, count) : default,
            LabelNames
        );
    }

    /// <inheritdoc/>
    public override ImageSet Take(int count) => Slice(0, Math.Min(count, Count));

    /// <summary>The numbers of one image: each pixel divided by 255.</summary>
    /// <param name="index">The image.</param>
    /// <param name="numbers">Receives the numbers; as long as the shape's size.</param>
    public override void CopyTo(int index, Span<float> numbers)
    {
        var pixels = Image(index);
        for (int i = 0; i < pixels.Length; i++)
            numbers[i] = pixels[i] / 255f;
    }

    /// <summary>The first images, as many as fill whole batches: all where there is not one whole batch.</summary>
    /// <param name="batchSize">Images in a batch, at least 1.</param>
    public ImageSet WholeBatches(int batchSize) => Take(WholeBatches(Count, batchSize));

    /// <summary>How many of so many images fill whole batches: all where there is not one whole batch.</summary>
    /// <param name="images">How many there are.</param>
    /// <param name="batchSize">Images in a batch, at least 1.</param>
    public static int WholeBatches(int images, int batchSize) => images >= batchSize ? images - images % batchSize : images;

    /// <summary>Each pixel 0 or 255, whichever is nearer (pixel / 255 rounded): what the article's scatter encodes.</summary>
    public ImageSet Rounded()
    {
        var pixels = new byte[_pixels.Length];
        var source = _pixels.Span;
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = source[i] >= 128 ? (byte)255 : (byte)0;
        return new(Name, Shape, pixels, _labels, LabelNames);
    }

    /// <summary>The checksum over the parts one after the other, each as in <see cref="Checksum"/>.</summary>
    internal static string ChecksumOf(params ReadOnlySpan<ImageSet> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string? first = null; // on the way the hash is the first part's own, which a training asks for too
        foreach (var part in parts)
        {
            Add(part.Count, part.Shape.Height, part.Shape.Width, part.Shape.Channels);
            hash.AppendData(part.Pixels);
            Add(part.Labels.Length);
            hash.AppendData(part.Labels);
            first ??= part._checksum ??= Convert.ToHexStringLower(hash.GetCurrentHash());
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
