using System.Buffers.Binary;
using System.Text;

namespace Latent.Formats.Hdf5;

/// <summary>
/// Writes HDF5 files in the oldest layout of the format, the one that h5py writes by default and every version of HDF5 reads: groups with
/// symbol tables, numbers in one piece and unpacked. The same content gives the same bytes.
/// </summary>
/// <remarks>The HDF Group, HDF5 File Format Specification Version 3.0.</remarks>
internal sealed class Hdf5Writer
{
    private const int LeafNames = 8, // of a symbol table's node: twice the K that the file says
        TreeChildren = 32,
        SymbolSize = 40,
        SmallestHeap = 4096;
    private const long Undefined = -1,
        NoFreeBlock = 1;

    private readonly Block _structure = new();
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly List<(NewDataSet Data, int AddressAt, long Offset)> _data = [];
    private long _heap,
        _dataLength;

    private Hdf5Writer() { }

    /// <summary>Writes a file from its first byte to its last.</summary>
    public static void Write(Stream stream, NewGroup root)
    {
        var writer = new Hdf5Writer();
        var block = writer._structure;
        block.Reserve(96); // the beginning, which is known at the end
        writer.WriteTexts(root);
        var (header, tree, names) = writer.Place(root);
        block.Align();
        long data = block.Length;
        foreach (var (_, at, offset) in writer._data)
            block.Set(at, data + offset);
        writer.WriteBeginning(header, tree, names, data + writer._dataLength);
        stream.Write(block.Bytes);
        Span<byte> zeros = stackalloc byte[8];
        foreach (var (set, _, _) in writer._data)
        {
            var content = set.Content();
            if (content.Length != set.Size)
                throw new InvalidOperationException("A data set has another length than its shape.");
            stream.Write(content);
            stream.Write(zeros[..(-content.Length & 7)]);
        }
    }

    private void WriteBeginning(long header, long tree, long names, long end)
    {
        var begin = new Block();
        begin.Add(Hdf5File.Magic);
        begin.Add([0, 0, 0, 0, 0, 8, 8, 0, LeafNames / 2, 0, TreeChildren / 2, 0, 0, 0, 0, 0]);
        begin.Int64(0);
        begin.Int64(Undefined);
        begin.Int64(end);
        begin.Int64(Undefined);
        AddSymbol(begin, 0, header, tree, names);
        begin.Bytes.CopyTo(_structure.Span);
    }

    /// <summary>All texts of any length in one heap, whose address the attributes need.</summary>
    private void WriteTexts(NewGroup root)
    {
        Collect(root);
        if (_texts.Count == 0)
            return;
        if (_texts.Count > ushort.MaxValue)
            throw new InvalidOperationException("Too many texts for one heap.");
        var heap = new Block();
        foreach (var (text, index) in _texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            heap.UInt16(index);
            heap.Zeros(6);
            heap.Int64(bytes.Length);
            heap.Add(bytes);
            heap.Align();
        }
        int size = Math.Max(SmallestHeap, 16 + heap.Length + 16),
            free = size - 16 - heap.Length;
        heap.Zeros(8);
        heap.Int64(free);
        heap.Zeros(free - 16);
        _heap = _structure.Length;
        _structure.Add("GCOL"u8);
        _structure.Add([1, 0, 0, 0]);
        _structure.Int64(size);
        _structure.Add(heap.Bytes);
    }

    private void Collect(NewGroup group)
    {
        foreach (var attribute in group.Attributes)
        foreach (string text in attribute.Texts)
            _texts.TryAdd(text, _texts.Count + 1);
        foreach (var child in group.Objects.Values.OfType<NewGroup>())
            Collect(child);
    }

    /// <summary>Writes a group with all below it.</summary>
    /// <returns>The addresses of its header, of the tree of its names, and of the names.</returns>
    private (long Header, long Tree, long Names) Place(NewGroup group)
    {
        var symbols = new List<(int Name, long Header, long Tree, long Names)>();
        var names = new Block();
        names.Zeros(8); // the empty name, which is below all others
        foreach (var (name, child) in group.Objects)
        {
            int at = names.Length;
            names.Add(Encoding.UTF8.GetBytes(name));
            names.Zeros(1);
            names.Align();
            symbols.Add(
                child is NewGroup inner && Place(inner) is var (header, tree, heap)
                    ? (at, header, tree, heap)
                    : (at, Place((NewDataSet)child), 0, 0)
            );
        }
        int free = names.Length;
        names.Int64(NoFreeBlock);
        names.Int64(16);
        long segment = _structure.Append(names);
        long heapAt = _structure.Length;
        _structure.Add("HEAP"u8);
        _structure.Zeros(4);
        _structure.Int64(names.Length);
        _structure.Int64(free);
        _structure.Int64(segment);
        long treeAt = PlaceTree(symbols);
        var message = new Block();
        message.Int64(treeAt);
        message.Int64(heapAt);
        List<(int, int, Block)> messages = [(17, 0, message)];
        messages.AddRange(group.Attributes.Select(attribute => (12, 0, AttributeMessage(attribute))));
        return (PlaceHeader(messages), treeAt, heapAt);
    }

    private long PlaceTree(List<(int Name, long Header, long Tree, long Names)> symbols)
    {
        var level = new List<(long Address, int LastName)>();
        foreach (var part in symbols.Chunk(LeafNames))
        {
            var leaf = new Block();
            leaf.Add("SNOD"u8);
            leaf.Add([1, 0]);
            leaf.UInt16(part.Length);
            foreach (var (name, header, tree, names) in part)
                AddSymbol(leaf, name, header, tree, names);
            leaf.Zeros((LeafNames - part.Length) * SymbolSize);
            level.Add((_structure.Append(leaf), part[^1].Name));
        }
        for (int depth = 0; ; depth++)
        {
            var above = new List<(long Address, int LastName)>();
            int before = 0; // the last name of the node to the left
            foreach (
                var part in level.Count == 0
                    ?
                    [
                        [],
                    ]
                    : level.Chunk(TreeChildren)
            )
            {
                int last = part.Length == 0 ? 0 : part[^1].LastName;
                above.Add((_structure.Append(Node(depth, before, part)), last));
                before = last;
            }
            if (above.Count == 1)
                return above[0].Address;
            level = above;
            LinkNeighbours(level);
        }
    }

    private static Block Node(int depth, int before, (long Address, int LastName)[] children)
    {
        var node = new Block();
        node.Add("TREE"u8);
        node.Add([0, (byte)depth]);
        node.UInt16(children.Length);
        node.Int64(Undefined); // left and right of it
        node.Int64(Undefined);
        node.Int64(before);
        foreach (var (address, lastName) in children)
        {
            node.Int64(address);
            node.Int64(lastName);
        }
        node.Zeros((TreeChildren - children.Length) * 16);
        return node;
    }

    private void LinkNeighbours(List<(long Address, int LastName)> level)
    {
        for (int i = 0; i < level.Count; i++)
        {
            if (i > 0)
                _structure.Set((int)level[i].Address + 8, level[i - 1].Address);
            if (i + 1 < level.Count)
                _structure.Set((int)level[i].Address + 16, level[i + 1].Address);
        }
    }

    private static void AddSymbol(Block block, int name, long header, long tree, long names)
    {
        block.Int64(name);
        block.Int64(header);
        block.UInt32(tree == 0 ? 0 : 1); // whether the two addresses of a group stand here too
        block.Zeros(4);
        block.Int64(tree);
        block.Int64(names);
    }

    private long Place(NewDataSet data)
    {
        var fill = new Block();
        fill.Add([2, 2, 2, 1, 0, 0, 0, 0]); // room is made late, nothing is filled in
        var layout = new Block();
        layout.Add([3, 1]);
        int addressAt = layout.Length;
        layout.Int64(0);
        layout.Int64(data.Size);
        layout.Align();
        List<(int Kind, int Flags, Block Data)> messages =
        [
            (1, 0, Space(data.Sides)),
            (3, 1, new(data.Type.Message)),
            (5, 1, fill),
            (8, 0, layout),
        ];
        long header = PlaceHeader(messages);
        int before = 16 + messages.Take(3).Sum(message => 8 + message.Data.Length) + 8;
        _data.Add((data, (int)header + before + addressAt, _dataLength));
        _dataLength += (data.Size + 7) / 8 * 8;
        return header;
    }

    private long PlaceHeader(List<(int Kind, int Flags, Block Data)> messages)
    {
        var header = new Block();
        header.Add([1, 0]);
        header.UInt16(messages.Count);
        header.UInt32(1); // links to it
        header.UInt32(messages.Sum(message => 8 + message.Data.Length));
        header.Zeros(4);
        foreach (var (kind, flags, data) in messages)
        {
            if (data.Length > ushort.MaxValue)
                throw new InvalidOperationException("A message is longer than an object header can have.");
            header.UInt16(kind);
            header.UInt16(data.Length);
            header.Add([(byte)flags, 0, 0, 0]);
            header.Add(data.Bytes);
        }
        return _structure.Append(header);
    }

    private Block AttributeMessage(NewAttribute attribute)
    {
        byte[] name = [.. Encoding.UTF8.GetBytes(attribute.Name), 0];
        var space = Space(attribute.Count is int count ? [count] : []);
        var message = new Block();
        message.Add([1, 0]);
        message.UInt16(name.Length);
        message.UInt16(attribute.Type.Length);
        message.UInt16(space.Length);
        message.Add(name);
        message.Align();
        message.Add(attribute.Type.Message);
        message.Add(space.Bytes);
        foreach (string text in attribute.Texts)
        {
            message.UInt32(Encoding.UTF8.GetByteCount(text));
            message.Int64(_heap);
            message.UInt32(_texts[text]);
        }
        message.Align();
        return message;
    }

    private static Block Space(IReadOnlyList<int> sides)
    {
        var space = new Block();
        space.Add([1, (byte)sides.Count, (byte)(sides.Count > 0 ? 1 : 0), 0, 0, 0, 0, 0]);
        for (int times = 0; times < 2; times++) // now, and at most
            foreach (int side in sides)
                space.Int64(side);
        return space;
    }

    /// <summary>Bytes that grow.</summary>
    private sealed class Block
    {
        private byte[] _bytes = new byte[64];

        public Block() { }

        public Block(ReadOnlySpan<byte> bytes) => Add(bytes);

        public int Length { get; private set; }

        public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

        public Span<byte> Span => _bytes.AsSpan(0, Length);

        public Span<byte> Reserve(int count)
        {
            if (Length + count > _bytes.Length)
                Array.Resize(ref _bytes, Math.Max(Length + count, 2 * _bytes.Length));
            var room = _bytes.AsSpan(Length, count);
            Length += count;
            return room;
        }

        public void Zeros(int count) => Reserve(count).Clear();

        public void Add(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

        public void UInt16(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), (ushort)value);

        public void UInt32(int value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), (uint)value);

        public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

        public void Align() => Zeros(-Length & 7);

        public void Set(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(at), value);

        /// <summary>Adds a block at the next multiple of 8, and gives its address.</summary>
        public int Append(Block block)
        {
            Align();
            int at = Length;
            Add(block.Bytes);
            return at;
        }
    }
}
