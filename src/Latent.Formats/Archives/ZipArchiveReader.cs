using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Latent.Formats.Archives;

/// <summary>One file in a zip file.</summary>
/// <param name="Name">Its path in there.</param>
/// <param name="Method">0 as it is, 8 deflated.</param>
/// <param name="Checksum">CRC-32 of its bytes.</param>
/// <param name="Packed">Bytes that it takes.</param>
/// <param name="Size">Bytes that it has.</param>
/// <param name="Start">Where its own header lies.</param>
internal sealed record ZipEntry(string Name, int Method, uint Checksum, long Packed, long Size, long Start);

/// <summary>
/// The list of a zip file and the content of its files; nothing is written to a disk, and nothing is unpacked beyond what was asked for. A
/// path that leads out of the archive is refused all the same: a file with one was not made by Keras.
/// </summary>
/// <remarks>PKWARE, APPNOTE.TXT.</remarks>
internal sealed class ZipArchiveReader
{
    private const int MostEntries = 10_000,
        EndLength = 22,
        LongestComment = ushort.MaxValue,
        EntryLength = 46,
        HeaderLength = 30;

    private readonly ByteSource _file;
    private readonly Dictionary<string, ZipEntry> _entries = new(StringComparer.Ordinal);

    public ZipArchiveReader(ByteSource file)
    {
        _file = file;
        long tail = Math.Min(file.Length, EndLength + LongestComment);
        byte[] end = file.Read(file.Length - tail, tail);
        int at = end.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (at < 0 || end.Length - at < EndLength)
            throw new BrokenFileException("It is a zip file without its list at the end: it is truncated.");
        var record = end.AsSpan(at);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]),
            start = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        if (count == ushort.MaxValue || length == uint.MaxValue || start == uint.MaxValue)
            (count, length, start) = ReadLarge(file.Length - tail + at);
        if (count > MostEntries)
            throw new BrokenFileException($"It has {count:N0} files in it; a model of Keras has a handful.");
        if (length > (long)count * (EntryLength + 3 * ushort.MaxValue))
            throw new BrokenFileException("The list of the files in it is longer than they can make it.");
        ReadList(file.Read(start, Math.Min(length, 64 << 20)), count);
    }

    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>The bytes of a file in there; null where there is none of this name. What lies there unpacked is not read yet.</summary>
    /// <param name="name">Its path.</param>
    /// <param name="mostUnpacked">The most bytes that it may have where it is packed.</param>
    public ByteSource? Open(string name, int mostUnpacked)
    {
        if (!_entries.TryGetValue(name, out var entry))
            return null;
        byte[] header = _file.Read(entry.Start, HeaderLength);
        if (!header.AsSpan().StartsWith("PK\x03\x04"u8))
            throw new BrokenFileException($"'{name}' is not where the list says.");
        if ((header[6] & 1) != 0)
            throw new BrokenFileException($"'{name}' is encrypted.");
        long data =
            entry.Start
            + HeaderLength
            + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26))
            + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
        var packed = _file.Slice(data, entry.Packed);
        return entry.Method switch
        {
            0 when entry.Packed == entry.Size => Checked(entry, packed),
            8 => Checked(entry, Inflate(entry, packed, mostUnpacked)),
            _ => throw new BrokenFileException($"'{name}' is packed in a way that is not read here ({entry.Method})."),
        };
    }

    private static ByteSource Checked(ZipEntry entry, ByteSource data)
    {
        const int block = 1 << 20;
        var crc = new Crc32();
        var buffer = new byte[Math.Min(data.Length, block)];
        for (long at = 0; at < data.Length; at += block)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(block, data.Length - at));
            data.Read(at, part);
            crc.Add(part);
        }
        return crc.Value == entry.Checksum
            ? data
            : throw new BrokenFileException($"The checksum of '{entry.Name}' does not fit: it was changed after it was written.");
    }

    private static ByteSource Inflate(ZipEntry entry, ByteSource packed, int most)
    {
        if (entry.Size > most)
            throw new BrokenFileException($"'{entry.Name}' unpacks to {entry.Size:N0} bytes; at most {most:N0} are read here.");
        byte[] input = packed.Read(0, packed.Length);
        try
        {
            using var stream = new DeflateStream(new MemoryStream(input), CompressionMode.Decompress);
            // as much as comes, not as it claims
            var output = new MemoryStream((int)Math.Min(entry.Size, 1 << 20));
            var buffer = new byte[1 << 16];
            for (int read; (read = stream.Read(buffer)) > 0; )
            {
                output.Write(buffer, 0, read);
                if (output.Length > entry.Size)
                    throw new BrokenFileException($"'{entry.Name}' unpacks to more than the {entry.Size:N0} bytes that it should have.");
            }
            return output.Length == entry.Size
                ? ByteSource.Of(output.GetBuffer().AsMemory(0, (int)output.Length))
                : throw new BrokenFileException($"'{entry.Name}' unpacks to {output.Length:N0} bytes instead of {entry.Size:N0}.");
        }
        catch (InvalidDataException e)
        {
            throw new BrokenFileException($"'{entry.Name}' cannot be unpacked.", e);
        }
    }

    /// <summary>The numbers of a zip file that is too long for the old ones.</summary>
    private (int Count, long Length, long Start) ReadLarge(long end)
    {
        if (end < 20)
            throw new BrokenFileException("It is a zip file whose end cannot be read.");
        byte[] locator = _file.Read(end - 20, 20);
        if (!locator.AsSpan().StartsWith("PK\x06\x07"u8))
            throw new BrokenFileException("It is a zip file whose end cannot be read.");
        byte[] record = _file.Read(BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8)), 56);
        if (!record.AsSpan().StartsWith("PK\x06\x06"u8))
            throw new BrokenFileException("It is a zip file whose end cannot be read.");
        long count = BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(32));
        return (
            (int)Math.Clamp(count, 0, int.MaxValue),
            BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(40)),
            BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48))
        );
    }

    private void ReadList(ReadOnlySpan<byte> list, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (list.Length < EntryLength || !list.StartsWith("PK\x01\x02"u8))
                throw new BrokenFileException("The list of the files in it ends too early.");
            int name = BinaryPrimitives.ReadUInt16LittleEndian(list[28..]),
                extra = BinaryPrimitives.ReadUInt16LittleEndian(list[30..]),
                comment = BinaryPrimitives.ReadUInt16LittleEndian(list[32..]);
            if (list.Length < EntryLength + name + extra + comment)
                throw new BrokenFileException("The list of the files in it ends too early.");
            var entry = new ZipEntry(
                Encoding.UTF8.GetString(list.Slice(EntryLength, name)),
                BinaryPrimitives.ReadUInt16LittleEndian(list[10..]),
                BinaryPrimitives.ReadUInt32LittleEndian(list[16..]),
                BinaryPrimitives.ReadUInt32LittleEndian(list[20..]),
                BinaryPrimitives.ReadUInt32LittleEndian(list[24..]),
                BinaryPrimitives.ReadUInt32LittleEndian(list[42..])
            );
            entry = WithLarge(entry, list.Slice(EntryLength + name, extra));
            if (
                entry.Name.Split('/', '\\').Contains("..")
                || entry.Name.StartsWith('/')
                || entry.Name.Contains(':', StringComparison.Ordinal)
            )
                throw new BrokenFileException($"It has a file '{Show.Name(entry.Name)}' in it, a path that leads out of the archive.");
            if (!_entries.TryAdd(entry.Name, entry))
                throw new BrokenFileException($"It has the file '{Show.Name(entry.Name)}' twice.");
            list = list[(EntryLength + name + extra + comment)..];
        }
    }

    /// <summary>The numbers that do not fit into 32 bits stand behind the name, those that need it, in this order.</summary>
    private static ZipEntry WithLarge(ZipEntry entry, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra),
                length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
                break;
            var rest = extra.Slice(4, length);
            if (id == 1)
            {
                long size = Next(entry.Size, ref rest),
                    packed = Next(entry.Packed, ref rest),
                    start = Next(entry.Start, ref rest);
                return entry with { Size = size, Packed = packed, Start = start };
            }
            extra = extra[(4 + length)..];
        }
        return entry;

        static long Next(long small, ref ReadOnlySpan<byte> numbers)
        {
            if (small != uint.MaxValue)
                return small;
            if (numbers.Length < 8)
                throw new BrokenFileException("The list of the files in it lacks a size.");
            long number = BinaryPrimitives.ReadInt64LittleEndian(numbers);
            numbers = numbers[8..];
            return number;
        }
    }
}
