using System.Buffers.Binary;
using System.IO.Compression;
using Latent.Networks;

namespace Latent.Data;

/// <summary>One IDX file in memory: its dimensions and its bytes. Every way in which a file can be wrong has its own message.</summary>
internal sealed record IdxFile(string Path, int[] Dimensions, byte[] Bytes)
{
    private const int UnsignedByte = 8;

    /// <summary>deflate cannot make data smaller than this; a header that claims more is wrong.</summary>
    private const int LargestRatio = 1032;

    public int Count => Dimensions[0];

    public Shape ImageShape => new(Dimensions[1], Dimensions[2], Dimensions.Length == 4 ? Dimensions[3] : 1);

    public static IdxFile ReadImages(string path) => Read(path, images: true);

    public static IdxFile ReadLabels(string path) => Read(path, images: false);

    private static IdxFile Read(string path, bool images) => InputFile.Read(path, file => Read(path, file, images));

    private static IdxFile Read(string path, FileStream file, bool images)
    {
        if (!IsGzip(file))
        {
            if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
                throw NotGzip(path, file);
            return Read(path, file, file.Length, images);
        }
        try
        {
            using var unpacked = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
            var content = Read(path, unpacked, checked(file.Length * LargestRatio), images);
            CheckEndOfGzip(path, file, 4L + 4 * content.Dimensions.Length + content.Bytes.Length);
            return content;
        }
        catch (InvalidDataException e)
        {
            throw new LatentException(
                $"'{path}' is damaged: its gzip data cannot be unpacked.",
                "a complete gzip file",
                e.Message,
                "get the file again",
                e
            );
        }
    }

    private static IdxFile Read(string path, Stream stream, long most, bool images)
    {
        var dimensions = ReadHeader(path, stream, images);
        return new(path, dimensions, ReadBytes(path, stream, dimensions, most));
    }

    /// <summary>A gzip file ends with the length of its content. The unpacker does not miss it where the content itself was complete.</summary>
    private static void CheckEndOfGzip(string path, FileStream file, long length)
    {
        Span<byte> end = stackalloc byte[4];
        file.Position = Math.Max(0, file.Length - end.Length);
        file.ReadExactly(end);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != (uint)length)
            throw new LatentException(
                $"'{path}' is truncated or damaged at the end of its gzip data.",
                $"a gzip file of one part that ends with the length of its content, {length:N0}",
                $"{BinaryPrimitives.ReadUInt32LittleEndian(end):N0}",
                "get the file again, or unpack it: gunzip FILE"
            );
    }

    private static bool IsGzip(FileStream file)
    {
        Span<byte> start = stackalloc byte[2];
        int read = file.ReadAtLeast(start, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && start is [0x1f, 0x8b];
    }

    private static LatentException NotGzip(string path, FileStream file)
    {
        Span<byte> start = stackalloc byte[4];
        int read = file.ReadAtLeast(start, 4, throwOnEndOfStream: false);
        bool plain = read == 4 && start is [0, 0, UnsignedByte, _];
        return new(
            $"'{path}' is no gzip file, although its name ends with .gz.",
            "a file that starts with the bytes 1f 8b",
            Convert.ToHexStringLower(start[..Math.Min(read, 2)]).Insert(2, " ").Trim(),
            plain ? "it is a plain IDX file: rename it without .gz" : "get the file again; a web page may have been saved in its place"
        );
    }

    private static int[] ReadHeader(string path, Stream stream, bool images)
    {
        Span<byte> word = stackalloc byte[4];
        ReadWord(word, "the first 4 bytes");
        string magic = $"{Convert.ToHexStringLower(word)}";
        string expected = images ? "images: 00000803 (grey) or 00000804 (with channels)" : "labels: 00000801";
        if (word is not [0, 0, _, _])
            throw new LatentException($"'{path}' is no IDX file.", $"a first number for {expected}", magic, "give an IDX file of bytes");
        if (word[2] != UnsignedByte)
            throw new LatentException(
                $"'{path}' holds numbers of a type that images and labels do not have.",
                "type 08, unsigned bytes",
                $"type {word[2]:x2}",
                "write the file again with numbers from 0 to 255"
            );
        int rank = word[3];
        if (images && rank == 1)
            throw new LatentException(
                $"'{path}' holds labels where images are expected.",
                expected,
                magic,
                "give the images file; the two may be swapped"
            );
        if (!images && rank is 3 or 4)
            throw new LatentException(
                $"'{path}' holds images where labels are expected.",
                expected,
                magic,
                "give the labels file; the two may be swapped"
            );
        if (images ? rank is not (3 or 4) : rank != 1)
            throw new LatentException(
                $"'{path}' has the wrong number of dimensions.",
                images ? "3 (count, height, width) or 4 (with channels)" : "1 (count)",
                $"{rank}"
            );
        var dimensions = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            ReadWord(word, "a header of dimensions");
            uint size = BinaryPrimitives.ReadUInt32BigEndian(word);
            if (size is 0 or > int.MaxValue)
                throw new LatentException(
                    $"'{path}' has a header that cannot be right.",
                    "every dimension at least 1 and at most 2,147,483,647",
                    $"{size:N0}",
                    "get the file again"
                );
            dimensions[i] = (int)size;
        }
        if (rank == 4 && dimensions[3] is not (1 or 3))
            throw new LatentException($"'{path}' has images of {dimensions[3]} channels.", "1 (grey) or 3 (colour)", $"{dimensions[3]}");
        return dimensions;

        void ReadWord(Span<byte> destination, string what)
        {
            if (stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
                throw new LatentException($"'{path}' is truncated in its header.", what, "the end of the file", "get the file again");
        }
    }

    /// <summary>Reads all numbers, into memory that grows with what is there and not with what the header claims.</summary>
    private static byte[] ReadBytes(string path, Stream stream, int[] dimensions, long most)
    {
        var total = dimensions.Aggregate(System.Numerics.BigInteger.One, (product, side) => product * side);
        string claim = $"{string.Join(" × ", dimensions)} = {total:N0} bytes, as the header says";
        if (total > most)
            throw Truncated($"{(stream is FileStream file ? file.Length - file.Position : most):N0} bytes at most");
        if (total > Array.MaxLength)
            throw new LatentException($"'{path}' is too large for memory.", $"at most {Array.MaxLength:N0} bytes", claim, "split the file");
        var bytes = new byte[(int)System.Numerics.BigInteger.Min(total, 64 << 20)];
        int read = 0;
        while (true)
        {
            int more = stream.Read(bytes, read, bytes.Length - read);
            read += more;
            if (read == total)
                break;
            if (more == 0)
                throw Truncated($"{read:N0} bytes");
            if (read == bytes.Length)
                Array.Resize(ref bytes, (int)System.Numerics.BigInteger.Min(total, 2L * read));
        }
        if (stream.ReadByte() >= 0)
            throw new LatentException(
                $"'{path}' is longer than its header says.",
                claim,
                "more bytes after them",
                "get the file again; its header may belong to another file"
            );
        return bytes;

        LatentException Truncated(string received) => new($"'{path}' is truncated.", claim, received, "get the file again");
    }
}
