using System.IO.Compression;

namespace Latent.Formats.Hdf5;

/// <summary>What was done to each chunk before it was written: shuffled bytes, gzip's compression, a checksum behind it.</summary>
internal sealed class Filters
{
    private const int Deflate = 1,
        Shuffle = 2,
        Checksum = 3,
        MostFilters = 32; // HDF5's own limit

    private readonly List<int> _filters = [];

    public static Filters Read(byte[]? message)
    {
        var filters = new Filters();
        if (message is null)
            return filters;
        var cursor = new Cursor(message);
        int version = cursor.Byte(),
            count = cursor.Byte();
        if (version is not (1 or 2) || count > MostFilters)
            throw new BrokenFileException($"A list of filters has version {version} and {count} of them, which cannot be.");
        if (version == 1)
            cursor.Skip(6);
        for (int i = 0; i < count; i++)
        {
            int id = cursor.UInt16();
            int nameLength = version == 1 || id >= 256 ? cursor.UInt16() : 0;
            cursor.Skip(2);
            int values = cursor.UInt16();
            cursor.Skip(version == 1 ? (nameLength + 7) / 8 * 8 : nameLength);
            cursor.Skip(4 * values);
            if (version == 1 && values % 2 == 1)
                cursor.Skip(4);
            if (id is not (Deflate or Shuffle or Checksum))
                throw new BrokenFileException($"Its numbers are packed by the filter {id}; gzip, shuffle and checksums are read here.");
            filters._filters.Add(id);
        }
        return filters;
    }

    /// <param name="data">A chunk as it lies in the file.</param>
    /// <param name="leftOut">A bit for each filter that was not applied to it.</param>
    /// <param name="size">How many bytes come out at the end.</param>
    /// <param name="elementSize">Bytes of a number.</param>
    public byte[] Undo(byte[] data, long leftOut, int size, int elementSize)
    {
        for (int i = _filters.Count - 1; i >= 0; i--)
            if ((leftOut >> i & 1) == 0)
                data = _filters[i] switch
                {
                    Deflate => Inflate(data, size + 4), // a checksum may be inside
                    Shuffle => Unshuffle(data, elementSize),
                    _ => data.Length >= 4 ? data[..^4] : throw new BrokenFileException("A chunk has no room for its checksum."),
                };
        return data;
    }

    private static byte[] Inflate(byte[] data, int most)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
            var result = new byte[most];
            int read = stream.ReadAtLeast(result, most, throwOnEndOfStream: false);
            return read < most ? result[..read] : throw new BrokenFileException("A chunk is longer than it should be.");
        }
        catch (InvalidDataException e)
        {
            throw new BrokenFileException("A chunk cannot be unpacked.", e);
        }
    }

    private static byte[] Unshuffle(byte[] data, int elementSize)
    {
        int count = data.Length / elementSize;
        var result = new byte[data.Length];
        for (int b = 0; b < elementSize; b++)
        for (int i = 0; i < count; i++)
            result[i * elementSize + b] = data[b * count + i];
        data.AsSpan(count * elementSize).CopyTo(result.AsSpan(count * elementSize));
        return result;
    }
}
