using System.Text;

namespace Latent.Bench.Peers;

/// <summary>Writes a message of Protocol Buffers: fields of a number and a wire type, in the order of the calls.</summary>
internal sealed class ProtoWriter
{
    private const int Varint = 0,
        Bytes = 2;

    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public ProtoWriter Whole(int field, long value)
    {
        Tag(field, Varint);
        Number((ulong)value);
        return this;
    }

    public ProtoWriter Text(int field, string value) => Blob(field, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Blob(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, Bytes);
        Number((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public ProtoWriter Message(int field, ProtoWriter value) => Blob(field, value.ToArray());

    private void Tag(int field, int type) => Number((ulong)(field << 3 | type));

    private void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }
}
