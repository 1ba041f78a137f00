using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Latent.Data;

/// <summary>
/// Images as bytes (0 to 255), with labels and names where they have some, in memory or in a file that is mapped into it. Pixels run image by
/// image, then height, width, channels. Immutable and thread-safe; a slice shares the pixels of its source.
/// </summary>
public sealed unsafe class ImageSet : SampleSet
{
    /// <summary>How many different labels there can be: a label is a byte.</summary>
    public const int MostLabels = 256;

    private readonly ReadOnlyMemory<byte> _pixels;
    private readonly MappedPixels? _mapped; // in place of pixels in memory
    private readonly long _offset; // into it, in bytes
    private readonly ReadOnlyMemory<byte> _labels;
    private readonly ReadOnlyMemory<string> _names;
    private string? _checksum;

    private ImageSet(ImageSet like, ReadOnlyMemory<byte> pixels, ReadOnlyMemory<byte> labels, ReadOnlyMemory<string> names)
        : this(like.Name, like.Shape, pixels, labels, like.LabelNames, names) { }

    private ImageSet(
        string name,
        Networks.Shape shape,
        ReadOnlyMemory<byte> pixels,
        ReadOnlyMemory<byte> labels,
        IReadOnlyList<string> labelNames,
        ReadOnlyMemory<string> names
    )
        : base(name, shape, pixels.Length / shape.Size) => (_pixels, _labels, LabelNames, _names) = (pixels, labels, labelNames, names);

    private ImageSet(
        string name,
        Networks.Shape shape,
        MappedPixels mapped,
        long offset,
        int count,
        ReadOnlyMemory<byte> labels,
        IReadOnlyList<string> labelNames,
        ReadOnlyMemory<string> names
    )
        : base(name, shape, count) => (_mapped, _offset, _labels, LabelNames, _names) = (mapped, offset, labels, labelNames, names);

    /// <summary>All pixels.</summary>
    /// <exception cref="LatentException">They are mapped from a file and more than 2³¹ − 1 bytes, which no span holds.</exception>
    public ReadOnlySpan<byte> Pixels =>
        _mapped is null ? _pixels.Span
        : (long)Count * Shape.Size is var bytes && bytes <= int.MaxValue ? new(_mapped.Pointer + _offset, (int)bytes)
        : throw new LatentException(
            $"The pixels of '{Name}' are too many for one span.",
            $"at most {int.MaxValue:N0} bytes",
            $"{bytes:N0}",
            "take them image by image, or part by part with Slice"
        );

    /// <summary>A label per image, an index into <see cref="LabelNames"/>; empty where there are none.</summary>
    public ReadOnlySpan<byte> Labels => _labels.Span;

    /// <summary>Whether each image has a label.</summary>
    public bool HasLabels => !_labels.IsEmpty;

    /// <summary>The names of the labels; empty where there are none.</summary>
    public IReadOnlyList<string> LabelNames { get; }

    /// <summary>A name for each image, such as the path of its file; empty where they have none.</summary>
    public ReadOnlySpan<string> Names => _names.Span;

    /// <summary>
    /// SHA-256, 64 lower-case hex digits, over count, height, width and channels (four little-endian 32-bit numbers), the pixels, the number
    /// of labels (32 bits) and the labels. Computed when first asked for.
    /// </summary>
    public override string Checksum => _checksum ??= ChecksumOf(this);

    internal override PinnedNumbers Pin() => _mapped is null ? PinnedNumbers.Of(_pixels) : new(_mapped.Pointer + _offset, default);

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
    /// <param name="names">A name for each image, or empty.</param>
    /// <exception cref="LatentException">The numbers do not fit each other.</exception>
    public static ImageSet FromPixels(
        ReadOnlySpan<byte> pixels,
        int count,
        int height,
        int width,
        int channels = 1,
        ReadOnlySpan<byte> labels = default,
        IReadOnlyList<string>? labelNames = null,
        string name = "images",
        ReadOnlySpan<string> names = default
    )
    {
        var shape = new Networks.Shape(height, width, channels);
        if (count < 1 || pixels.Length != (long)count * shape.Size)
            throw new LatentException(
                "The pixels do not fit the numbers given.",
                $"count × height × width × channels = {count} × {height} × {width} × {channels} = {(long)count * shape.Size} bytes, at least one image",
                $"{pixels.Length} bytes"
            );
        var all = Named(count, labels, labelNames, names);
        return new(name, shape, pixels.ToArray(), labels.ToArray(), all, names.ToArray());
    }

    /// <summary>
    /// Images whose pixels stay in a file, which is mapped into memory: the system reads what is used and drops what is not, so that they may be
    /// more than memory holds. The file must not be changed as long as the process lives.
    /// </summary>
    /// <param name="path">A file of count × height × width × channels bytes, and perhaps more behind them.</param>
    /// <param name="count">How many images, at least 1.</param>
    /// <param name="shape">The shape of one image.</param>
    /// <param name="labels">A label per image, or empty.</param>
    /// <param name="labelNames">The labels' names; null for their numbers.</param>
    /// <param name="name">What the set is called.</param>
    /// <param name="names">A name for each image, or empty.</param>
    /// <exception cref="LatentException">The file cannot be read or is too short, or the numbers do not fit each other.</exception>
    public static ImageSet FromFile(
        string path,
        int count,
        Networks.Shape shape,
        ReadOnlySpan<byte> labels = default,
        IReadOnlyList<string>? labelNames = null,
        string name = "images",
        ReadOnlySpan<string> names = default
    )
    {
        if (count < 1 || shape.Size < 1)
            throw new LatentException("There is no image to map.", "at least one image of at least one pixel", $"{count} of {shape}");
        var all = Named(count, labels, labelNames, names);
        return new(name, shape, MappedPixels.Open(path, (long)count * shape.Size), 0, count, labels.ToArray(), all, names.ToArray());
    }

    /// <summary>The labels' names, where labels and names fit the images.</summary>
    private static IReadOnlyList<string> Named(
        int count,
        ReadOnlySpan<byte> labels,
        IReadOnlyList<string>? labelNames,
        ReadOnlySpan<string> names
    )
    {
        if (!labels.IsEmpty && labels.Length != count)
            throw new LatentException("The labels do not fit the images.", $"{count} labels", $"{labels.Length}");
        if (!names.IsEmpty && names.Length != count)
            throw new LatentException("The names do not fit the images.", $"{count} names", $"{names.Length}");
        int classes = 0;
        foreach (byte label in labels)
            classes = Math.Max(classes, label + 1);
        labelNames ??= [.. Enumerable.Range(0, classes).Select(i => i.ToString())];
        return labelNames.Count >= classes
            ? labelNames
            : throw new LatentException("A label has no name.", $"labels below {labelNames.Count}", $"{classes - 1}");
    }

    /// <summary>Images around arrays that the caller gives away: nothing is copied.</summary>
    internal static ImageSet Own(string name, Networks.Shape shape, byte[] pixels, byte[] labels, IReadOnlyList<string> labelNames) =>
        new(name, shape, pixels, labels, labelNames, default);

    /// <summary>The pixels of one image.</summary>
    public ReadOnlySpan<byte> Image(int index) =>
        _mapped is null
            ? _pixels.Span.Slice(index * Shape.Size, Shape.Size)
            : new(_mapped.Pointer + _offset + (long)Checked(index) * Shape.Size, Shape.Size);

    /// <summary>The images of some rows, in that order, copied: a selection is one set with its labels and names.</summary>
    /// <param name="rows">Indices into the set, at least one; one may come more than once.</param>
    /// <exception cref="LatentException">There is no row, one lies outside the set, or together they are more than 2³¹ − 1 bytes.</exception>
    public ImageSet Select(ReadOnlySpan<int> rows)
    {
        if (rows.IsEmpty || (long)rows.Length * Shape.Size > Array.MaxLength)
            throw new LatentException(
                $"Of '{Name}' such a selection cannot be made.",
                $"at least one row, and at most {Array.MaxLength / Shape.Size:N0} of {Shape}",
                $"{rows.Length:N0}"
            );
        var pixels = new byte[rows.Length * Shape.Size];
        var labels = new byte[HasLabels ? rows.Length : 0];
        var names = new string[_names.IsEmpty ? 0 : rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            CheckRange(rows[i], 1);
            Image(rows[i]).CopyTo(pixels.AsSpan(i * Shape.Size));
            if (HasLabels)
                labels[i] = Labels[rows[i]];
            if (!_names.IsEmpty)
                names[i] = Names[rows[i]];
        }
        return new(this, pixels, labels, names);
    }

    /// <summary>At most so many images, evenly from the whole set: all where there are no more.</summary>
    /// <param name="most">How many at most, at least 1.</param>
    /// <exception cref="LatentException">It is below 1, or what is taken is too large for one array.</exception>
    public ImageSet Spread(int most)
    {
        if (most < 1)
            throw new LatentException($"Of '{Name}' such a part cannot be taken.", "at least one image", $"{most}");
        int every = (int)(((long)Count + most - 1) / most);
        return every == 1 ? this : Select([.. Enumerable.Range(0, Count / every).Select(i => i * every)]);
    }

    private int Checked(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return index;
    }

    /// <inheritdoc/>
    public override ImageSet Slice(int start, int count)
    {
        CheckRange(start, count);
        var labels = HasLabels ? _labels.Slice(start, count) : default;
        var names = _names.IsEmpty ? default : _names.Slice(start, count);
        return _mapped is null
            ? new(this, _pixels.Slice(start * Shape.Size, count * Shape.Size), labels, names)
            : new(Name, Shape, _mapped, _offset + (long)start * Shape.Size, count, labels, LabelNames, names);
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
        var source = Pixels;
        var pixels = new byte[source.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = source[i] >= 128 ? (byte)255 : (byte)0;
        return new(this, pixels, _labels, _names);
    }

    /// <summary>The checksum over the parts one after the other, each as in <see cref="Checksum"/>.</summary>
    internal static string ChecksumOf(params ReadOnlySpan<ImageSet> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string? first = null; // on the way the hash is the first part's own, which a training asks for too
        foreach (var part in parts)
        {
            Add(part.Count, part.Shape.Height, part.Shape.Width, part.Shape.Channels);
            for (int start = 0, step = Math.Max(1, (1 << 20) / part.Shape.Size); start < part.Count; start += step)
                hash.AppendData(part.Slice(start, Math.Min(step, part.Count - start)).Pixels);
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
