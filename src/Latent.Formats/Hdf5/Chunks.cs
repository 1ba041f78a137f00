namespace Latent.Formats.Hdf5;

/// <summary>Puts the chunks of a data set together.</summary>
internal sealed class Chunks(Metadata file, string path, Filters filters, long[] sides, long[] chunk, int elementSize)
{
    private const int DeepestTree = 16,
        MostChunks = 100_000;

    private readonly int _chunkBytes = (int)Math.Min(chunk.Aggregate((long)elementSize, (product, side) => product * side), int.MaxValue);
    private readonly HashSet<long> _places = [];

    public void Read(long tree, byte[] into)
    {
        var nodes = new Stack<(long Address, int Level)>();
        var seen = new HashSet<long>();
        nodes.Push((tree, -1));
        int keyLength = 8 + 8 * (sides.Length + 1);
        while (nodes.TryPop(out var node))
        {
            if (!seen.Add(node.Address) || seen.Count > MostChunks)
                throw new BrokenFileException($"The chunks of '{path}' lead in a circle, or are too many.");
            var head = new Cursor(file.Read(node.Address, 24));
            head.Signature("TREE"u8);
            int type = head.Byte(),
                level = head.Byte(),
                entries = head.UInt16();
            if (type != 1 || level > DeepestTree || (node.Level >= 0 && level != node.Level))
                throw new BrokenFileException($"The tree of the chunks of '{path}' is not one.");
            var cursor = new Cursor(file.Read(node.Address + 24, (long)entries * (keyLength + 8)));
            for (int i = 0; i < entries; i++)
            {
                long length = cursor.UInt32(),
                    leftOut = cursor.UInt32();
                var at = new long[sides.Length];
                for (int side = 0; side < at.Length; side++)
                    at[side] = cursor.Int64();
                cursor.Skip(8);
                long child = cursor.Int64();
                if (level > 0)
                    nodes.Push((child, level - 1));
                else if (!seen.Add(child))
                    throw new BrokenFileException($"The chunks of '{path}' lie over each other.");
                else
                    Place(Unpack(child, length, leftOut), at, into);
            }
        }
    }

    private byte[] Unpack(long address, long length, long leftOut)
    {
        byte[] data = filters.Undo(file.Data.Read(address, length), leftOut, _chunkBytes, elementSize);
        return data.Length == _chunkBytes
            ? data
            : throw new BrokenFileException($"A chunk of '{path}' has {data.Length:N0} bytes instead of {_chunkBytes:N0}.");
    }

    private void Place(byte[] data, long[] at, byte[] into)
    {
        for (int side = 0; side < at.Length; side++)
            if (at[side] < 0 || at[side] >= sides[side] || at[side] % chunk[side] != 0)
                throw new BrokenFileException($"A chunk of '{path}' lies outside of it.");
        long place = 0;
        for (int side = 0; side < at.Length; side++)
            place = place * ((sides[side] + chunk[side] - 1) / chunk[side]) + at[side] / chunk[side];
        if (!_places.Add(place))
            throw new BrokenFileException($"Two chunks of '{path}' are at one place.");
        int last = sides.Length - 1;
        long row = Math.Min(chunk[last], sides[last] - at[last]) * elementSize,
            rows = data.Length / (chunk[last] * elementSize);
        var index = new long[sides.Length]; // of a row within the chunk
        for (long r = 0; r < rows; r++)
        {
            long target = 0;
            bool inside = true;
            for (int side = 0; side < sides.Length; side++)
            {
                long position = at[side] + index[side];
                inside &= position < sides[side];
                target = target * sides[side] + position;
            }
            if (inside)
                data.AsSpan((int)(r * chunk[last] * elementSize), (int)row).CopyTo(into.AsSpan((int)(target * elementSize)));
            for (int side = last - 1; side >= 0 && ++index[side] == chunk[side]; side--)
                index[side] = 0;
        }
    }
}
