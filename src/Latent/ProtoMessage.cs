using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Latent;

/// <summary>A message in the wire format of Protocol Buffers: fields in the order they are added. It is compiled into each assembly that writes such files.</summary>
internal sealed class ProtoMessage
{
    private const int Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Content => _bytes.WrittenSpan;

    public ProtoMessage Add(int field, long value)
    {
        Key(field, Varint);
        Number((ulong)value);
        return this;
    }

    public ProtoMessage Add(int field, double value)
    {
        Key(field, Fixed64);
        Write(value);
        return this;
    }

    public ProtoMessage Add(int field, float value)
    {
        Key(field, Fixed32);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    public ProtoMessage Add(int field, ReadOnlySpan<byte> value)
    {
        Key(field, Bytes);
        Number((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public ProtoMessage Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    public ProtoMessage Add(int field, ProtoMessage value) => Add(field, value.Content);

    /// <summary>Numbers one after the other ("packed").</summary>
    public ProtoMessage Add(int field, IReadOnlyCollection<double> values)
    {
        Key(field, Bytes);
        Number((ulong)values.Count * sizeof(double));
        foreach (double value in values)
            Write(value);
        return this;
    }

    private void Key(int field, int type) => Number((ulong)(field << 3 | type));

    private void Number(ulong value)
    {
        for (; value > 0x7f; value >>= 7)
            _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
    }

    private void Write(double value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _bytes.Write(bytes);
    }
}
