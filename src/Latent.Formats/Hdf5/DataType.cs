using System.Buffers.Binary;
using System.Text;

namespace Latent.Formats.Hdf5;

internal enum DataKind
{
    Integer,
    Float,
    FixedString,
    VariableString,
    Other,
}

/// <summary>The type of the numbers or texts of a data set or an attribute.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Size">Bytes of one.</param>
/// <param name="BigEndian">Whether the highest byte stands first.</param>
/// <param name="Signed">Of integers.</param>
/// <param name="SpacePadded">Of texts: whether spaces fill them up, and not zeros.</param>
/// <param name="Utf8">Of texts: whether the type says UTF-8, and not ASCII.</param>
/// <param name="Name">In words, for messages.</param>
internal sealed record DataType(DataKind Kind, int Size, bool BigEndian, bool Signed, bool SpacePadded, bool Utf8, string Name)
{
    private const int LargestElement = 1 << 20;

    public static DataType Read(ReadOnlySpan<byte> message)
    {
        var cursor = new Cursor(message);
        int classAndVersion = cursor.Byte();
        int bits = cursor.Byte(),
            more = cursor.Byte();
        cursor.Skip(1);
        long size = cursor.UInt32();
        if (size is < 1 or > LargestElement)
            throw new BrokenFileException($"A type has a size of {size:N0} bytes.");
        int kind = classAndVersion & 15;
        return kind switch
        {
            0 => new(
                DataKind.Integer,
                (int)size,
                (bits & 1) != 0,
                (bits & 8) != 0,
                false,
                false,
                $"{(bits & 8) switch { 0 => "u", _ => "" }}int{size * 8}"
            ),
            1 => OfFloat(ref cursor, (int)size, bits),
            3 => new(DataKind.FixedString, (int)size, false, false, (bits & 15) == 2, (bits >> 4 & 15) == 1, $"text of {size} bytes"),
            9 when (bits & 15) == 1 && size == 16 => new(DataKind.VariableString, 16, false, false, false, (more & 15) == 1, "text"),
            _ => new(DataKind.Other, (int)size, false, false, false, false, Other(kind)),
        };
    }

    /// <summary>The numbers as floats; null where they are of another kind.</summary>
    public float[]? ToFloats(ReadOnlySpan<byte> data)
    {
        if (Kind is not (DataKind.Float or DataKind.Integer) || Size is not (1 or 2 or 4 or 8))
            return null;
        var numbers = GC.AllocateUninitializedArray<float>(data.Length / Size);
        if (Kind == DataKind.Float && Size == 4 && !BigEndian)
        {
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(data)[..numbers.Length].CopyTo(numbers);
            return numbers;
        }
        for (int i = 0; i < numbers.Length; i++)
        {
            var one = data.Slice(i * Size, Size);
            ulong raw = 0;
            for (int b = 0; b < Size; b++)
                raw = raw << 8 | one[BigEndian ? b : Size - 1 - b];
            numbers[i] = Kind == DataKind.Integer ? Whole(raw) : Real(raw);
        }
        return numbers;
    }

    /// <summary>One whole number; null where it is none.</summary>
    public long? ToInteger(ReadOnlySpan<byte> data)
    {
        if (Kind != DataKind.Integer || Size is not (1 or 2 or 4 or 8) || data.Length < Size)
            return null;
        ulong raw = 0;
        for (int b = 0; b < Size; b++)
            raw = raw << 8 | data[BigEndian ? b : Size - 1 - b];
        return Extended(raw);
    }

    /// <summary>The text of one element of fixed length.</summary>
    public string ToText(ReadOnlySpan<byte> element)
    {
        int end = element.IndexOf((byte)0);
        if (end >= 0)
            element = element[..end];
        return Encoding.UTF8.GetString(SpacePadded ? element.TrimEnd((byte)' ') : element);
    }

    private static DataType OfFloat(ref Cursor cursor, int size, int bits)
    {
        bool bigEndian = (bits & 1) != 0;
        int offset = cursor.UInt16(),
            precision = cursor.UInt16(),
            exponentAt = cursor.Byte(),
            exponent = cursor.Byte(),
            mantissaAt = cursor.Byte(),
            mantissa = cursor.Byte();
        long bias = cursor.UInt32();
        bool ieee =
            (bits & 0x40) == 0
            && offset == 0
            && mantissaAt == 0
            && precision == size * 8
            && (size, exponentAt, exponent, mantissa, bias) is (2, 10, 5, 10, 15) or (4, 23, 8, 23, 127) or (8, 52, 11, 52, 1023);
        return new(
            ieee ? DataKind.Float : DataKind.Other,
            size,
            bigEndian,
            true,
            false,
            false,
            ieee ? $"float{size * 8}" : $"a float of {size * 8} bits that is not IEEE's"
        );
    }

    private static string Other(int kind) =>
        kind switch
        {
            2 => "a time",
            4 => "a bit field",
            5 => "an opaque type (bfloat16 is saved as such)",
            6 => "a record",
            7 => "a reference",
            8 => "an enumeration",
            9 => "lists of different lengths",
            10 => "an array",
            _ => $"an unknown type ({kind})",
        };

    private float Whole(ulong raw) => Signed ? Extended(raw) : raw;

    private long Extended(ulong raw) => Signed ? (long)(raw << 64 - Size * 8) >> 64 - Size * 8 : (long)raw;

    private float Real(ulong raw) =>
        Size switch
        {
            2 => (float)BitConverter.UInt16BitsToHalf((ushort)raw),
            4 => BitConverter.UInt32BitsToSingle((uint)raw),
            _ => (float)BitConverter.UInt64BitsToDouble(raw),
        };
}

/// <summary>The sizes of a data set or an attribute.</summary>
/// <param name="Sides">None for a single value.</param>
/// <param name="IsNull">Whether there is no value at all.</param>
internal sealed record DataSpace(long[] Sides, bool IsNull)
{
    private const int MostSides = 32; // HDF5's own limit

    /// <summary>How many values.</summary>
    public long Count { get; } = IsNull ? 0 : Product(Sides);

    public static DataSpace Read(ReadOnlySpan<byte> message)
    {
        var cursor = new Cursor(message);
        int version = cursor.Byte(),
            rank = cursor.Byte(),
            flags = cursor.Byte();
        if (rank > MostSides || version is not (1 or 2) || (flags & 2) != 0)
            throw new BrokenFileException($"A shape has {rank} sizes and version {version}, which cannot be.");
        int type = cursor.Byte(); // of version 2; reserved in version 1
        if (version == 1)
            cursor.Skip(4);
        var sides = new long[rank];
        for (int i = 0; i < rank; i++)
            sides[i] = cursor.Int64();
        return new(sides, version == 2 && type == 2);
    }

    private static long Product(long[] sides)
    {
        const long most = 1L << 40;
        long product = 1;
        foreach (long side in sides)
        {
            if (side < 0 || side > most || (side > 0 && product > most / side))
                throw new BrokenFileException($"A shape of ({string.Join(", ", sides)}) cannot be right.");
            product *= side;
        }
        return product;
    }
}
