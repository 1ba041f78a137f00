namespace Latent.Formats.Hdf5;

/// <summary>The bytes of a data set, asked for when they are written.</summary>
internal delegate ReadOnlySpan<byte> Content();

/// <summary>What is to be written: a group or a data set.</summary>
internal abstract class NewObject;

/// <summary>A group to be written: its objects by name, and attributes.</summary>
internal sealed class NewGroup : NewObject
{
    /// <summary>In the order of the names' bytes, which HDF5 wants.</summary>
    public SortedDictionary<string, NewObject> Objects { get; } = new(StringComparer.Ordinal);

    public List<NewAttribute> Attributes { get; } = [];

    /// <summary>The group at a path below this one; those that are missing are made.</summary>
    public NewGroup Group(string path)
    {
        var group = this;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!group.Objects.TryGetValue(name, out var next))
                group.Objects[name] = next = new NewGroup();
            group = next as NewGroup ?? throw new InvalidOperationException($"'{name}' is a data set.");
        }
        return group;
    }

    /// <summary>Adds a data set at a path below this group.</summary>
    public void Add(string path, NewDataSet data)
    {
        int slash = path.LastIndexOf('/');
        Group(slash < 0 ? "" : path[..slash]).Objects.Add(path[(slash + 1)..], data);
    }
}

/// <summary>Numbers to be written, as they are and in one piece.</summary>
/// <param name="type">float32 or int64.</param>
/// <param name="sides">The shape; none for a single number.</param>
/// <param name="content">The numbers' bytes.</param>
internal sealed class NewDataSet(NewType type, IReadOnlyList<int> sides, Content content) : NewObject
{
    public NewType Type => type;

    public IReadOnlyList<int> Sides => sides;

    public Content Content => content;

    public long Size => sides.Aggregate((long)type.Size, (product, side) => product * side);
}

/// <summary>A small value at an object, as h5py makes it of one in Python.</summary>
internal sealed class NewAttribute
{
    private NewAttribute(string name, NewType type, int? count, params string[] texts) =>
        (Name, Type, Count, Texts) = (name, type, count, texts);

    public string Name { get; }

    public NewType Type { get; }

    /// <summary>The length of the list; null for a single text.</summary>
    public int? Count { get; }

    /// <summary>The texts, which lie in the heap and are referred to.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Of str: a text of any length, in UTF-8.</summary>
    public static NewAttribute Unicode(string name, string text) => new(name, NewType.Utf8, null, text);

    /// <summary>Of bytes: the same, and the type says ASCII.</summary>
    public static NewAttribute Bytes(string name, string text) => new(name, NewType.Ascii, null, text);

    /// <summary>Of a list of bytes; an empty one has numbers of float64, none of them, as NumPy has it.</summary>
    public static NewAttribute List(string name, IReadOnlyList<string> texts) =>
        texts.Count == 0 ? new(name, NewType.Float64, 0) : new(name, NewType.Ascii, texts.Count, [.. texts]);
}

/// <summary>A type as its message is written.</summary>
/// <param name="Size">Bytes of a value.</param>
/// <param name="Message">The message, filled up to a multiple of 8 bytes.</param>
/// <param name="Length">Bytes of the message before it was filled up.</param>
internal sealed record NewType(int Size, byte[] Message, int Length)
{
    public static NewType Float32 { get; } = Of(4, [0x11, 0x20, 0x1f, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]);

    public static NewType Float64 { get; } = Of(8, [0x11, 0x20, 0x3f, 0, 8, 0, 0, 0, 0, 0, 64, 0, 52, 11, 0, 52, 255, 3, 0, 0]);

    public static NewType Int64 { get; } = Of(8, [0x10, 0x08, 0, 0, 8, 0, 0, 0, 0, 0, 64, 0]);

    public static NewType Utf8 { get; } = Variable(1);

    public static NewType Ascii { get; } = Variable(0);

    private static NewType Variable(byte alphabet) => Of(16, [0x19, 1, alphabet, 0, 16, 0, 0, 0, 0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0]);

    private static NewType Of(int size, byte[] message)
    {
        var padded = new byte[(message.Length + 7) / 8 * 8];
        message.CopyTo(padded, 0);
        return new(size, padded, message.Length);
    }
}
