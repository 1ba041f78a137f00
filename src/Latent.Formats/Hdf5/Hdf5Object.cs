namespace Latent.Formats.Hdf5;

/// <summary>A group or a data set.</summary>
internal sealed class Hdf5Object
{
    private const int LargestAttribute = 8 << 20,
        MostTexts = 100_000;

    private readonly Metadata _file;
    private readonly ObjectHeader _header;
    private Dictionary<string, long>? _links;
    private Dictionary<string, Hdf5Attribute>? _attributes;

    public Hdf5Object(Metadata file, long address, string path)
    {
        (_file, Path) = (file, path);
        _header = new(file, address);
    }

    /// <summary>Where it is, as messages say it.</summary>
    public string Path { get; }

    public bool IsGroup => _header.Find(MessageKind.Layout) is null;

    /// <summary>The names in it; none where it is a data set.</summary>
    public IReadOnlyCollection<string> Names => LinksIn.Keys;

    /// <summary>The attributes' names.</summary>
    public IReadOnlyCollection<string> AttributeNames => Attributes.Keys;

    private Dictionary<string, long> LinksIn => _links ??= Links.Of(_file, _header);

    private Dictionary<string, Hdf5Attribute> Attributes => _attributes ??= ReadAttributes();

    /// <summary>The object of a name in this group, or of a path of names with / between them; null where there is none.</summary>
    public Hdf5Object? Find(string path)
    {
        var found = this;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!found.LinksIn.TryGetValue(name, out long address))
                return null;
            found = new(found._file, address, $"{found.Path}/{name}");
        }
        return found;
    }

    public Hdf5Attribute? Attribute(string name) => Attributes.GetValueOrDefault(name);

    /// <summary>An attribute's one text; null where there is none of this name.</summary>
    public string? Text(string name) =>
        Attribute(name) is not { } attribute ? null
        : Texts(attribute) is [var text] ? text
        : throw new BrokenFileException($"The attribute '{name}' is no single text.");

    /// <summary>An attribute's list of texts; null where there is none of this name.</summary>
    public string[]? TextList(string name) => Attribute(name) is { } attribute ? Texts(attribute) : null;

    /// <summary>The data set that this is.</summary>
    public Hdf5DataSet ToDataSet() =>
        IsGroup ? throw new BrokenFileException($"'{Path}' is a group and no data set.") : new(_file, _header, Path);

    private string[] Texts(Hdf5Attribute attribute)
    {
        var type = attribute.Type;
        if (attribute.Space.Count == 0)
            return [];
        if (attribute.Space.Count > MostTexts)
            throw new BrokenFileException($"The attribute '{attribute.Name}' has {attribute.Space.Count:N0} texts.");
        var texts = new string[attribute.Space.Count];
        long all = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            var element = attribute.Data.AsSpan(i * type.Size, type.Size);
            texts[i] = type.Kind switch
            {
                DataKind.FixedString => type.ToText(element),
                DataKind.VariableString => System.Text.Encoding.UTF8.GetString(_file.Heap(element)),
                _ => throw new BrokenFileException($"The attribute '{attribute.Name}' is of {type.Name}, and no text."),
            };
            all += texts[i].Length; // many elements may refer to one long text
            if (all > LargestAttribute)
                throw new BrokenFileException($"The attribute '{attribute.Name}' is longer than a model's can be.");
        }
        return texts;
    }

    private Dictionary<string, Hdf5Attribute> ReadAttributes()
    {
        if (_header.Find(MessageKind.AttributeInfo) is { } info)
        {
            var cursor = new Cursor(info);
            cursor.Skip(1);
            if ((cursor.Byte() & 1) != 0)
                cursor.Skip(2);
            if (cursor.Int64() != Cursor.Undefined)
                throw new BrokenFileException(
                    "It keeps attributes as only HDF5's newest layout does (libver='latest'), which Keras does not write and is not read here."
                );
        }
        var attributes = new Dictionary<string, Hdf5Attribute>(StringComparer.Ordinal);
        foreach (byte[] message in _header.All(MessageKind.Attribute))
        {
            var attribute = Hdf5Attribute.Read(message);
            attributes[attribute.Name] = attribute;
        }
        return attributes;
    }
}

/// <summary>A small value that belongs to an object.</summary>
internal sealed record Hdf5Attribute(string Name, DataType Type, DataSpace Space, byte[] Data)
{
    public static Hdf5Attribute Read(byte[] message)
    {
        var cursor = new Cursor(message);
        int version = cursor.Byte(),
            flags = cursor.Byte(),
            nameLength = cursor.UInt16(),
            typeLength = cursor.UInt16(),
            spaceLength = cursor.UInt16();
        if (version is not (1 or 2 or 3) || (version > 1 && flags != 0))
            throw new BrokenFileException($"An attribute has version {version} and flags {flags}, which are not read here.");
        if (version == 3)
            cursor.Skip(1); // the name's alphabet
        var name = cursor.Take(nameLength);
        Pad(ref cursor);
        var type = cursor.Take(typeLength);
        Pad(ref cursor);
        var space = cursor.Take(spaceLength);
        Pad(ref cursor);
        int end = name.IndexOf((byte)0);
        var result = new Hdf5Attribute(
            System.Text.Encoding.UTF8.GetString(end < 0 ? name : name[..end]),
            DataType.Read(type),
            DataSpace.Read(space),
            []
        );
        long size = result.Space.Count * result.Type.Size;
        return result with { Data = cursor.Take(size <= cursor.Remaining ? (int)size : int.MaxValue).ToArray() };

        void Pad(ref Cursor at)
        {
            if (version == 1)
                at.Align();
        }
    }
}
