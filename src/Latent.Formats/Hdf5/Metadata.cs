namespace Latent.Formats.Hdf5;

/// <summary>
/// The structure of a file, read block by block. How much of it is read is limited, so that a file that leads in circles, or says the same a
/// million times, ends in a message.
/// </summary>
internal sealed class Metadata(ByteSource source, long baseAddress)
{
    private const int MostReads = 200_000;
    private const long MostBytes = 64 << 20;

    private readonly Dictionary<long, Dictionary<int, byte[]>> _heaps = [];
    private int _reads;
    private long _bytes;

    public long Length => source.Length - baseAddress;

    /// <summary>Numbers that are kept: where they lie is checked, how much they are is the caller's to limit.</summary>
    public ByteSource Data { get; } = baseAddress == 0 ? source : source.Slice(baseAddress, source.Length - baseAddress);

    public byte[] Read(long address, long count)
    {
        _reads++;
        _bytes += Math.Max(0, count);
        if (_reads > MostReads || _bytes > MostBytes)
            throw new BrokenFileException("Its structure is larger than a model's can be.");
        return Data.Read(address, count);
    }

    /// <summary>A text in the global heap.</summary>
    /// <param name="element">How an attribute refers to it: a length, an address, an index.</param>
    public ReadOnlySpan<byte> Heap(ReadOnlySpan<byte> element)
    {
        var cursor = new Cursor(element);
        long length = cursor.UInt32(),
            address = cursor.Int64(),
            index = cursor.UInt32();
        if (length == 0 || address is 0 or Cursor.Undefined)
            return [];
        if (!_heaps.TryGetValue(address, out var heap))
            _heaps[address] = heap = ReadHeap(address);
        return heap.TryGetValue((int)Math.Min(index, int.MaxValue), out byte[]? data) && length <= data.Length
            ? data.AsSpan(0, (int)length)
            : throw new BrokenFileException("A text is not where it should be.");
    }

    private Dictionary<int, byte[]> ReadHeap(long address)
    {
        var head = new Cursor(Read(address, 16));
        head.Signature("GCOL"u8);
        Cursor.Version("A heap", 1, head.Byte());
        head.Skip(3);
        long size = head.Int64();
        var cursor = new Cursor(Read(address, size));
        cursor.Skip(16);
        var objects = new Dictionary<int, byte[]>();
        while (cursor.Remaining >= 16)
        {
            int index = cursor.UInt16();
            cursor.Skip(6);
            long length = cursor.Int64();
            if (index == 0)
                break; // the rest is free
            if (length < 0 || length > cursor.Remaining)
                throw new BrokenFileException("A text is longer than the place where it lies.");
            objects[index] = cursor.Take((int)length).ToArray();
            cursor.Skip(Math.Min((int)(-length & 7), cursor.Remaining));
        }
        return objects;
    }
}
