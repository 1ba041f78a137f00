namespace Latent.Formats.Hdf5;

/// <summary>
/// The numbers of a data set. Where they lie as they are, they are read as they are; where they are packed in chunks, no more is unpacked than
/// a file of its size could be meant to hold.
/// </summary>
internal sealed class Hdf5DataSet
{
    private const long AlwaysAllowed = 64 << 20;
    private const int MostPacked = 16; // times the file: weights hardly shrink at all
    private const long LargestChunk = 1 << 30;

    private readonly Metadata _file;
    private readonly ObjectHeader _header;
    private readonly string _path;

    public Hdf5DataSet(Metadata file, ObjectHeader header, string path)
    {
        (_file, _header, _path) = (file, header, path);
        Type = DataType.Read(header.Require(MessageKind.DataType, $"'{path}'"));
        Space = DataSpace.Read(header.Require(MessageKind.DataSpace, $"'{path}'"));
        long most = Math.Max(AlwaysAllowed, MostPacked * file.Length);
        if (Space.Count > most / Type.Size)
            throw new BrokenFileException(
                $"'{path}' claims ({string.Join(", ", Space.Sides)}) numbers of {Type.Name}, more than a file of {file.Length:N0} bytes can be meant to hold."
            );
    }

    public DataType Type { get; }

    public DataSpace Space { get; }

    /// <summary>The numbers as floats, whatever their type.</summary>
    public float[] ReadFloats() =>
        Type.ToFloats(ReadBytes()) ?? throw new BrokenFileException($"'{_path}' holds {Type.Name}, and no numbers that are read here.");

    public byte[] ReadBytes()
    {
        long size = Space.Count * Type.Size;
        var cursor = new Cursor(_header.Require(MessageKind.Layout, $"'{_path}'"));
        int version = cursor.Byte();
        return version switch
        {
            1 or 2 => OldLayout(ref cursor, size),
            3 or 4 => Layout(ref cursor, version, size),
            _ => throw new BrokenFileException($"The layout of '{_path}' has version {version}, which is not read here."),
        };
    }

    private byte[] OldLayout(ref Cursor cursor, long size)
    {
        int sides = cursor.Byte(),
            kind = cursor.Byte();
        cursor.Skip(5);
        long address = kind == 0 ? 0 : cursor.Int64();
        if (kind == 1)
            return Contiguous(address, size);
        if (kind == 2)
            return Chunked(ref cursor, sides, address, size);
        cursor.Skip(4 * sides);
        return Compact(cursor.Take((int)Math.Min(cursor.UInt32(), int.MaxValue)), size);
    }

    private byte[] Layout(ref Cursor cursor, int version, long size)
    {
        int kind = cursor.Byte();
        switch (kind)
        {
            case 0:
                return Compact(cursor.Take(cursor.UInt16()), size);
            case 1:
                return Contiguous(cursor.Int64(), size);
            case 2 when version == 3:
                int sides = cursor.Byte();
                return Chunked(ref cursor, sides, cursor.Int64(), size);
            default:
                throw new BrokenFileException($"The layout of '{_path}' is one that Keras does not write, and is not read here.");
        }
    }

    private byte[] Compact(ReadOnlySpan<byte> data, long size) =>
        data.Length == size ? data.ToArray() : throw new BrokenFileException($"'{_path}' has {data.Length:N0} bytes instead of {size:N0}.");

    private byte[] Contiguous(long address, long size) =>
        address == Cursor.Undefined
            ? new byte[size] // never written: all of it is HDF5's default
            : _file.Data.Read(address, size);

    private byte[] Chunked(ref Cursor cursor, int sides, long tree, long size)
    {
        if (sides != Space.Sides.Length + 1 || sides < 2)
            throw new BrokenFileException($"The chunks of '{_path}' have another number of sizes than it has itself.");
        var chunk = new long[sides - 1];
        long most = Math.Max(AlwaysAllowed, MostPacked * _file.Length),
            bytes = Type.Size,
            all = Type.Size; // with what reaches over the border
        for (int i = 0; i < chunk.Length; i++)
        {
            chunk[i] = cursor.UInt32();
            long covered = chunk[i] < 1 ? 0 : checked((Space.Sides[i] + chunk[i] - 1) / chunk[i] * chunk[i]);
            if (chunk[i] < 1 || bytes > LargestChunk / chunk[i] || (covered > 0 && all > most / covered))
                throw new BrokenFileException($"The chunks of '{_path}' cannot have the size that it says.");
            bytes *= chunk[i];
            all *= covered;
        }
        var result = new byte[size];
        if (tree != Cursor.Undefined)
            new Chunks(_file, _path, Filters.Read(_header.Find(MessageKind.Filters)), Space.Sides, chunk, Type.Size).Read(tree, result);
        return result;
    }
}
