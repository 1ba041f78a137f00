using System.Buffers.Binary;

namespace Latent.Formats.Hdf5;

/// <summary>Little-endian numbers of a block of HDF5's metadata, one after the other; beyond its end is the file's fault.</summary>
internal ref struct Cursor(ReadOnlySpan<byte> bytes)
{
    /// <summary>The address that stands for none.</summary>
    public const long Undefined = -1;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public long UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>An address or a length: what is beyond 2⁶³ is no place in a file, but for the one that stands for none.</summary>
    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Remaining)
            throw new BrokenFileException("A block of its structure ends too early.");
        var part = _bytes.Slice(Position, count);
        Position += count;
        return part;
    }

    public void Skip(int count) => Take(count);

    /// <summary>Goes to the next multiple of 8 from where the block began.</summary>
    public void Align() => Skip(-Position & 7);

    public void Signature(ReadOnlySpan<byte> signature)
    {
        if (!Take(4).SequenceEqual(signature))
            throw new BrokenFileException(
                $"Its structure has no '{System.Text.Encoding.ASCII.GetString(signature)}' where it should have."
            );
    }

    public static void Version(string what, int expected, int version)
    {
        if (version != expected)
            throw new BrokenFileException($"{what} has version {version}, which is not read here.");
    }
}
