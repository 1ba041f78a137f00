using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Latent.Formats;

/// <summary>Reads one NumPy file; nothing in it is trusted.</summary>
internal sealed partial class NpyReader(string path, Stream stream, bool bytesToo)
{
    private const int LargestHeader = 1 << 20;
    private const int Chunk = 1 << 20;
    private const int MostSides = 64; // NumPy's own limit

    public NpyArray Read()
    {
        string header = ReadHeader();
        var descr = Descr().Match(header);
        var order = Order().Match(header);
        var shape = Sides().Match(header);
        if (!order.Success || !shape.Success || !header.Contains("'descr'", StringComparison.Ordinal))
            throw Damaged("Its header cannot be read.", "{'descr': '<f4', 'fortran_order': False, 'shape': (…), }", Shorten(header));
        string type = descr.Success ? descr.Groups["type"].Value : "a record of several types";
        if (type != "<f4" && !(bytesToo && type == "|u1"))
            throw new LatentException(
                $"'{path}' holds numbers of a type that is not read here.",
                bytesToo ? "'<f4' (float32) or '|u1' (bytes)" : "'<f4' (float32)",
                type == "|O" ? "'|O' (Python objects)" : $"'{Shorten(type)}'",
                type == "|u1" // of pixels, most likely
                    ? "convert it in Python: np.save(path, (x / 255).astype('<f4'))"
                    : "convert it in Python: np.save(path, x.astype('<f4'))"
            );
        var sides = ImmutableArray.CreateBuilder<int>();
        long count = 1;
        foreach (
            string side in shape.Groups["sides"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
        {
            if (!int.TryParse(side, out int number) || (number > 0 && count > Array.MaxLength / number) || sides.Count == MostSides)
                throw Damaged(
                    "Its shape is out of range.",
                    $"at most {MostSides} sizes and {Array.MaxLength:N0} numbers",
                    $"({Shorten(shape.Groups["sides"].Value)})"
                );
            sides.Add(number);
            count *= number;
        }
        if (order.Groups["order"].Value == "True" && sides.Count(side => side != 1) > 1)
            throw new LatentException(
                $"'{path}' is in Fortran order.",
                "C order: the last size runs fastest",
                "'fortran_order': True",
                "convert it in Python: np.save(path, np.ascontiguousarray(x))"
            );
        return new(sides.ToImmutable(), ReadNumbers((int)count, type == "|u1")) { Type = type };
    }

    private string ReadHeader()
    {
        Span<byte> start = stackalloc byte[12];
        int read = stream.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false);
        if (!Npy.StartsWithMagic(start[..read]))
            throw new LatentException(
                $"'{path}' is no NumPy file.",
                "a file that starts with the bytes 93 'NUMPY'",
                read == 0 ? "an empty file"
                    : start is [(byte)'P', (byte)'K', ..] ? "a zip file, perhaps an .npz"
                    : $"bytes {Convert.ToHexStringLower(start[..Math.Min(read, 6)])}",
                "write it in Python: np.save(\"x.npy\", x)"
            );
        if (read < 10)
            throw Truncated("10 bytes before the header", $"{read}");
        if (start[6] is not (1 or 2 or 3))
            throw new LatentException($"'{path}' has an unknown version of the NumPy format.", "1, 2 or 3", $"{start[6]}");
        bool isLong = start[6] > 1;
        if (isLong && stream.ReadAtLeast(start[10..], 2, throwOnEndOfStream: false) < 2)
            throw Truncated("12 bytes before the header", "10 or 11");
        uint length = isLong ? BinaryPrimitives.ReadUInt32LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (length > LargestHeader)
            throw Damaged("The length of its header cannot be right.", $"at most {LargestHeader:N0} bytes", $"{length:N0}");
        var header = new byte[length];
        int got = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (got < header.Length)
            throw Truncated($"a header of {length:N0} bytes", $"{got:N0}");
        return Encoding.UTF8.GetString(header);
    }

    private float[] ReadNumbers(int count, bool bytes)
    {
        long expected = (long)count * (bytes ? 1 : sizeof(float));
        if (stream.CanSeek && stream.Length - stream.Position < expected) // before memory is taken
            throw Truncated($"{expected:N0} bytes of numbers", $"{stream.Length - stream.Position:N0}");
        var numbers = new float[stream.CanSeek ? count : Math.Min(count, Chunk)]; // of a pipe: as much as comes, not as it claims
        var buffer = new byte[bytes ? Math.Min(count, Chunk) : 0];
        for (int done = 0; done < count; )
        {
            if (done == numbers.Length)
                Array.Resize(ref numbers, (int)Math.Min(count, 2L * done));
            int now = Math.Min(numbers.Length - done, Chunk);
            var target = numbers.AsSpan(done, now);
            var raw = bytes ? buffer.AsSpan(0, now) : MemoryMarshal.AsBytes(target);
            int got = stream.ReadAtLeast(raw, raw.Length, throwOnEndOfStream: false);
            if (got < raw.Length)
                throw Truncated($"{expected:N0} bytes of numbers", $"{(long)done * (bytes ? 1 : sizeof(float)) + got:N0}");
            if (bytes)
                for (int i = 0; i < now; i++)
                    target[i] = raw[i];
            done += now;
        }
        if (stream.ReadByte() >= 0)
            throw Damaged("It is longer than its header says.", $"{expected:N0} bytes of numbers", "more bytes after them");
        return numbers;
    }

    private LatentException Truncated(string expected, string received) =>
        new($"'{path}' is truncated.", expected, received, "get or write the file again");

    private LatentException Damaged(string what, string expected, string received) =>
        new($"'{path}' is damaged. {what}", expected, received, "get or write the file again");

    private static string Shorten(string text) => (text.Length <= 80 ? text : text[..80] + "…").ReplaceLineEndings(" ").Trim();

    [GeneratedRegex("""'descr':\s*'(?<type>[^']*)'""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Descr();

    [GeneratedRegex("""'fortran_order':\s*(?<order>True|False)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Order();

    [GeneratedRegex("""'shape':\s*\((?<sides>[\d,\s]*)\)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sides();
}
