using System.Text;

namespace Latent.Formats.Hdf5;

/// <summary>The names in a group and where their objects lie. Links by path, into other files too, are not followed.</summary>
internal static class Links
{
    private const int MostNames = 100_000,
        MostNodes = 20_000,
        DeepestTree = 16,
        SymbolSize = 40;

    public static Dictionary<string, long> Of(Metadata file, ObjectHeader header)
    {
        var links = new Dictionary<string, long>(StringComparer.Ordinal);
        if (header.Find(MessageKind.SymbolTable) is { } table)
        {
            var cursor = new Cursor(table);
            OfSymbolTable(file, cursor.Int64(), cursor.Int64(), links);
        }
        if (header.Find(MessageKind.LinkInfo) is { } info)
            RequireCompact(info);
        foreach (byte[] link in header.All(MessageKind.Link))
            OfMessage(link, links);
        return links;
    }

    private static void OfSymbolTable(Metadata file, long tree, long heap, Dictionary<string, long> links)
    {
        byte[] names = ReadNames(file, heap);
        var nodes = new Stack<(long Address, int Level)>();
        var seen = new HashSet<long>();
        nodes.Push((tree, -1));
        while (nodes.TryPop(out var node))
        {
            if (!seen.Add(node.Address) || seen.Count > MostNodes)
                throw new BrokenFileException("A group's names lead in a circle, or are too many.");
            var head = new Cursor(file.Read(node.Address, 24));
            head.Signature("TREE"u8);
            int type = head.Byte(),
                level = head.Byte(),
                entries = head.UInt16();
            if (type != 0 || level > DeepestTree || (node.Level >= 0 && level != node.Level))
                throw new BrokenFileException("The tree of a group's names is not one.");
            var cursor = new Cursor(file.Read(node.Address + 24, 16L * entries));
            for (int i = 0; i < entries; i++)
            {
                cursor.Skip(8); // the name before the first of the child's
                long child = cursor.Int64();
                if (level > 0)
                    nodes.Push((child, level - 1));
                else if (!seen.Add(child))
                    throw new BrokenFileException("A group's names lead in a circle.");
                else
                    OfSymbols(file, child, names, links);
            }
        }
    }

    private static void OfSymbols(Metadata file, long address, byte[] names, Dictionary<string, long> links)
    {
        var head = new Cursor(file.Read(address, 8));
        head.Signature("SNOD"u8);
        Cursor.Version("A list of names", 1, head.Byte());
        head.Skip(1);
        int count = head.UInt16();
        var cursor = new Cursor(file.Read(address + 8, (long)count * SymbolSize));
        for (int i = 0; i < count; i++)
        {
            long name = cursor.Int64(),
                header = cursor.Int64(),
                cache = cursor.UInt32();
            cursor.Skip(20);
            if (cache != 2) // 2 is a link by path
                Add(links, NameAt(names, name), header);
        }
    }

    private static byte[] ReadNames(Metadata file, long heap)
    {
        var cursor = new Cursor(file.Read(heap, 32));
        cursor.Signature("HEAP"u8);
        cursor.Skip(4);
        long size = cursor.Int64();
        cursor.Skip(8);
        return file.Read(cursor.Int64(), size);
    }

    private static string NameAt(byte[] names, long offset)
    {
        if (offset < 0 || offset >= names.Length)
            throw new BrokenFileException("A name is not where it should be.");
        var rest = names.AsSpan((int)offset);
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private static void RequireCompact(byte[] info)
    {
        var cursor = new Cursor(info);
        cursor.Skip(1);
        if ((cursor.Byte() & 1) != 0)
            cursor.Skip(8);
        if (cursor.Int64() != Cursor.Undefined)
            throw new BrokenFileException(
                "It keeps the names of a group as only HDF5's newest layout does (libver='latest'), which Keras does not write and is not read here."
            );
    }

    private static void OfMessage(byte[] link, Dictionary<string, long> links)
    {
        var cursor = new Cursor(link);
        Cursor.Version("A link", 1, cursor.Byte());
        int flags = cursor.Byte();
        int type = (flags & 8) != 0 ? cursor.Byte() : 0;
        if ((flags & 4) != 0)
            cursor.Skip(8); // the order in which it was made
        if ((flags & 16) != 0)
            cursor.Skip(1); // the names' alphabet
        long length = (flags & 3) switch
        {
            0 => cursor.Byte(),
            1 => cursor.UInt16(),
            2 => cursor.UInt32(),
            _ => cursor.Int64(),
        };
        string name = Encoding.UTF8.GetString(cursor.Take((int)Math.Clamp(length, -1, int.MaxValue)));
        if (type == 0)
            Add(links, name, cursor.Int64());
    }

    private static void Add(Dictionary<string, long> links, string name, long address)
    {
        if (links.Count == MostNames)
            throw new BrokenFileException("A group has more names than a model's can have.");
        links[name] = address;
    }
}
