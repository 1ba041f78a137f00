namespace Latent.Formats.Hdf5;

/// <summary>The kinds of messages of an object header that are read here.</summary>
internal enum MessageKind
{
    DataSpace = 1,
    LinkInfo = 2,
    DataType = 3,
    Link = 6,
    Layout = 8,
    Filters = 11,
    Attribute = 12,
    Continuation = 16,
    SymbolTable = 17,
    AttributeInfo = 21,
}

/// <summary>What HDF5 says of one object, a group or a data set: messages of a kind and some bytes each.</summary>
internal sealed class ObjectHeader
{
    private const int MostBlocks = 256,
        SharedFlag = 2;

    private readonly List<(MessageKind Kind, int Flags, byte[] Data)> _messages = [];
    private readonly Metadata _file;
    private readonly List<(long Offset, long Length)> _blocks = []; // to be read, and those that were

    public ObjectHeader(Metadata file, long address)
    {
        _file = file;
        byte[] start = file.Read(address, Math.Min(16, file.Length - address));
        if (start.AsSpan().StartsWith("OHDR"u8))
            ReadVersion2(address);
        else
            ReadVersion1(address, start);
    }

    /// <summary>The bytes of the first message of a kind; null where there is none.</summary>
    public byte[]? Find(MessageKind kind)
    {
        foreach (var message in _messages)
            if (message.Kind == kind)
                return Own(message);
        return null;
    }

    /// <summary>The bytes of all messages of a kind.</summary>
    public IEnumerable<byte[]> All(MessageKind kind) => _messages.Where(message => message.Kind == kind).Select(Own);

    public byte[] Require(MessageKind kind, string what) =>
        Find(kind) ?? throw new BrokenFileException($"{what} has no {kind} in its header.");

    private static byte[] Own((MessageKind Kind, int Flags, byte[] Data) message) =>
        (message.Flags & SharedFlag) == 0
            ? message.Data
            : throw new BrokenFileException($"A {message.Kind} is shared between objects, which is not read here.");

    private void ReadVersion1(long address, byte[] start)
    {
        var cursor = new Cursor(start);
        Cursor.Version("An object header", 1, cursor.Byte());
        cursor.Skip(7); // reserved, number of messages, links to it
        long size = cursor.UInt32();
        _blocks.Add((address + 16, size));
        for (int i = 0; i < _blocks.Count; i++)
        {
            var block = new Cursor(_file.Read(_blocks[i].Offset, _blocks[i].Length));
            while (block.Remaining >= 8)
            {
                int kind = block.UInt16(),
                    length = block.UInt16(),
                    flags = block.Byte();
                block.Skip(3);
                Add(kind, flags, block.Take(length));
            }
        }
    }

    private void ReadVersion2(long address)
    {
        const int most = 34; // the longest beginning
        var cursor = new Cursor(_file.Read(address, Math.Min(most, _file.Length - address)));
        cursor.Skip(4);
        Cursor.Version("An object header", 2, cursor.Byte());
        int flags = cursor.Byte();
        if ((flags & 0x20) != 0)
            cursor.Skip(16); // times
        if ((flags & 0x10) != 0)
            cursor.Skip(4); // from how many attributes on they lie elsewhere
        long size = (flags & 3) switch
        {
            0 => cursor.Byte(),
            1 => cursor.UInt16(),
            2 => cursor.UInt32(),
            _ => cursor.Int64(),
        };
        bool ordered = (flags & 4) != 0;
        _blocks.Add((address + cursor.Position, size));
        for (int i = 0; i < _blocks.Count; i++)
        {
            var block = new Cursor(_file.Read(_blocks[i].Offset, _blocks[i].Length));
            int checksum = 0;
            if (i > 0)
            {
                block.Signature("OCHK"u8);
                checksum = 4;
            }
            while (block.Remaining >= 4 + (ordered ? 2 : 0) + checksum)
            {
                int kind = block.Byte(),
                    length = block.UInt16(),
                    messageFlags = block.Byte();
                if (ordered)
                    block.Skip(2);
                Add(kind, messageFlags, block.Take(length));
            }
        }
    }

    private void Add(int kind, int flags, ReadOnlySpan<byte> data)
    {
        if ((MessageKind)kind != MessageKind.Continuation)
        {
            if (Enum.IsDefined((MessageKind)kind))
                _messages.Add(((MessageKind)kind, flags, data.ToArray()));
            return;
        }
        var cursor = new Cursor(data);
        var block = (Offset: cursor.Int64(), Length: cursor.Int64());
        if (_blocks.Count == MostBlocks || _blocks.Exists(known => known.Offset == block.Offset))
            throw new BrokenFileException("An object header goes on in a circle, or in too many places.");
        _blocks.Add(block);
    }
}
