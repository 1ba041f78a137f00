namespace Latent.Formats.Hdf5;

/// <summary>
/// An HDF5 file to read: of the format what h5py writes by default, so what Keras writes. Nothing in it is trusted, and nothing is followed
/// that was not asked for: an object is found by its path, name by name, so a link that leads back up is only a name.
/// </summary>
/// <remarks>The HDF Group, HDF5 File Format Specification Version 3.0.</remarks>
internal sealed class Hdf5File
{
    public Hdf5File(ByteSource source)
    {
        var (file, root) = Open(source);
        Root = new(file, root, "");
    }

    public Hdf5Object Root { get; }

    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0d, 0x0a, 0x1a, 0x0a];

    private static (Metadata File, long Root) Open(ByteSource source)
    {
        byte[] start = source.Read(0, Math.Min(96, source.Length));
        var cursor = new Cursor(start);
        if (!cursor.Take(Math.Min(8, start.Length)).SequenceEqual(Magic))
            throw new BrokenFileException("It does not begin as an HDF5 file does.");
        int version = cursor.Byte();
        long baseAddress,
            end,
            root;
        if (version is 0 or 1)
        {
            cursor.Skip(4);
            CheckSizes(cursor.Byte(), cursor.Byte());
            cursor.Skip(version == 0 ? 9 : 13);
            baseAddress = cursor.Int64();
            cursor.Skip(8);
            end = cursor.Int64();
            cursor.Skip(16); // driver's block, the root's name
            root = cursor.Int64();
        }
        else if (version is 2 or 3)
        {
            CheckSizes(cursor.Byte(), cursor.Byte());
            cursor.Skip(1);
            baseAddress = cursor.Int64();
            cursor.Skip(8);
            end = cursor.Int64();
            root = cursor.Int64();
        }
        else
            throw new BrokenFileException($"Its beginning has version {version}, which is not read here.");
        if (baseAddress < 0 || baseAddress > source.Length || end < 0 || end > source.Length - baseAddress)
            throw new BrokenFileException($"It should have {end:N0} bytes and has {source.Length:N0}: it is truncated or damaged.");
        return (new(source, baseAddress), root);
    }

    private static void CheckSizes(int offsets, int lengths)
    {
        if (offsets != 8 || lengths != 8)
            throw new BrokenFileException($"Its addresses have {offsets} bytes and its lengths {lengths}; only 8 are read here.");
    }
}
