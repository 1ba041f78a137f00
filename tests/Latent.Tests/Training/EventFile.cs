using System.Buffers.Binary;
using System.Text;

namespace Latent.Tests.Training;

/// <summary>One value of an event: its tag, step and what it is.</summary>
internal sealed record EventValue(
    string Tag,
    long Step,
    double? Scalar,
    byte[]? Png,
    (int Width, int Height, int Channels) Size,
    double[][]? Histogram
);

/// <summary>
/// Reads event files of TensorBoard, apart from what writes them: the framing of TFRecord with its checksums computed bit by bit, and the
/// messages field by field.
/// </summary>
internal static class EventFile
{
    public static List<EventValue> Read(string path)
    {
        var values = new List<EventValue>();
        foreach (var (index, record) in Records(File.ReadAllBytes(path)).Index())
        {
            var fields = Fields(record);
            double time = BitConverter.Int64BitsToDouble((long)Only(fields, 1).Number);
            Assert.InRange(time, 1.6e9, 1e11);
            if (index == 0)
            {
                Assert.Equal("brain.Event:2", Encoding.UTF8.GetString(Only(fields, 3).Bytes));
                continue;
            }
            long step = fields.Where(f => f.Field == 2).Select(f => (long)f.Number).FirstOrDefault();
            foreach (var value in Fields(Only(fields, 5).Bytes))
                values.Add(Value(Fields(value.Bytes), step));
        }
        return values;
    }

    /// <summary>All of a file but the times, for comparing two.</summary>
    public static string WithoutTimes(string path) =>
        string.Join('\n', Records(File.ReadAllBytes(path)).Select(record => Convert.ToHexString(record.AsSpan(9)))); // the key and eight bytes

    private static EventValue Value(List<(int Field, ulong Number, byte[] Bytes)> fields, long step)
    {
        string tag = Encoding.UTF8.GetString(Only(fields, 1).Bytes);
        foreach (var (field, number, bytes) in fields)
            switch (field)
            {
                case 2:
                    return new(tag, step, BitConverter.Int32BitsToSingle((int)number), null, default, null);
                case 4:
                    var image = Fields(bytes);
                    return new(
                        tag,
                        step,
                        null,
                        Only(image, 4).Bytes,
                        ((int)Only(image, 2).Number, (int)Only(image, 1).Number, (int)Only(image, 3).Number),
                        null
                    );
                case 5:
                    var histogram = Fields(bytes);
                    double[] numbers = [.. Enumerable.Range(1, 5).Select(f => BitConverter.UInt64BitsToDouble(Only(histogram, f).Number))];
                    return new(
                        tag,
                        step,
                        null,
                        null,
                        default,
                        [numbers, Doubles(Only(histogram, 6).Bytes), Doubles(Only(histogram, 7).Bytes)]
                    );
                default:
                    break;
            }
        throw new InvalidDataException($"{tag} has no value");
    }

    private static double[] Doubles(byte[] bytes) => [.. bytes.Chunk(8).Select(chunk => BinaryPrimitives.ReadDoubleLittleEndian(chunk))];

    private static (int Field, ulong Number, byte[] Bytes) Only(List<(int Field, ulong Number, byte[] Bytes)> fields, int field) =>
        fields.Single(f => f.Field == field);

    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (int at = 0; at < file.Length; )
        {
            long length = BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(Masked(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            var content = file.AsSpan(at + 12, (int)length).ToArray();
            Assert.Equal(Masked(content), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + content.Length)));
            yield return content;
            at += 16 + content.Length;
        }
    }

    private static List<(int Field, ulong Number, byte[] Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, ulong, byte[])>();
        int at = 0;
        while (at < message.Length)
        {
            ulong key = Varint();
            switch (key & 7)
            {
                case 0:
                    fields.Add(((int)(key >> 3), Varint(), []));
                    break;
                case 1:
                    fields.Add(((int)(key >> 3), BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), []));
                    at += 8;
                    break;
                case 2:
                    int length = (int)Varint();
                    fields.Add(((int)(key >> 3), 0, message[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    fields.Add(((int)(key >> 3), BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), []));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"a field of type {key & 7}");
            }
        }
        return fields;

        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte b = message[at++];
                value |= (ulong)(b & 0x7f) << shift;
                if (b < 0x80)
                    return value;
            }
        }
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0x82f63b78 ^ (crc >> 1) : crc >> 1;
        }
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }
}
