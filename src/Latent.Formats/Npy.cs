using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Latent.Formats;

/// <summary>Numbers with a shape from a NumPy file.</summary>
/// <param name="Shape">The sizes; empty for a single number.</param>
/// <param name="Data">The numbers, the last size running fastest.</param>
public sealed record NpyArray(ImmutableArray<int> Shape, float[] Data)
{
    /// <summary>The type of the numbers in the file, in NumPy's words: "&lt;f4" (floats) or "|u1" (bytes, here 0 to 255).</summary>
    public string Type { get; init; } = "<f4";
}

/// <summary>
/// Reads and writes NumPy arrays (.npy): the bytes 93 "NUMPY", the version, the length of the header, the header (a Python dictionary with
/// descr, fortran_order and shape), the numbers.
/// </summary>
public static class Npy
{
    private const int Alignment = 64;
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads an array of floats or of bytes, in C order.</summary>
    /// <param name="path">The file: version 1, 2 or 3 of the format. A pipe will do.</param>
    /// <param name="bytes">Whether bytes ("|u1") are read too; else only floats ("&lt;f4") are.</param>
    /// <exception cref="LatentException">It is missing, no NumPy file, damaged, or of another type or order.</exception>
    public static NpyArray Read(string path, bool bytes = true) =>
        InputFile.Read(path, stream => new NpyReader(path, stream, bytes).Read(), pipes: true);

    /// <summary>Writes an array of floats in C order (version 1, "&lt;f4"), atomically.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="values">The numbers, the last size running fastest.</param>
    /// <param name="shape">The sizes; none for a single number.</param>
    /// <exception cref="LatentException">The numbers do not have the shape, or the file cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<float> values, params int[] shape)
    {
        long count = shape.Aggregate(1L, (product, side) => checked(product * side));
        if (count != values.Length || shape.Any(side => side < 0))
            throw new LatentException(
                "The numbers do not have the shape.",
                $"({string.Join(", ", shape)}), {count:N0} numbers",
                $"{values.Length:N0}"
            );
        byte[] bytes = Header(shape);
        AtomicFile.Write(
            path,
            values,
            (stream, rest) =>
            {
                stream.Write(bytes);
                for (; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, 1 << 20)..])
                    stream.Write(MemoryMarshal.AsBytes(rest[..Math.Min(rest.Length, 1 << 20)]));
            }
        );
    }

    /// <summary>The length of a header that is written before its numbers are counted.</summary>
    internal const int RowsHeader = 128;

    /// <summary>All that comes before the numbers, padded to whole lines of 64 bytes.</summary>
    /// <param name="shape">The sizes; none for a single number.</param>
    /// <param name="length">How long it is at least.</param>
    internal static byte[] Header(int[] shape, int length = 0)
    {
        string sides = shape.Length == 1 ? $"{shape[0]}," : string.Join(", ", shape);
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({sides}), }}";
        int start = Magic.Length + 4,
            all = Math.Max(length, (start + header.Length + 1 + Alignment - 1) / Alignment * Alignment);
        header = header.PadRight(all - start - 1) + "\n";
        return header.Length <= ushort.MaxValue
            ? [.. Magic, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header)]
            : throw new LatentException("The shape has too many sizes for a NumPy file.", "at most 64 sizes", $"{shape.Length}");
    }

    internal static bool StartsWithMagic(ReadOnlySpan<byte> start) => start.StartsWith(Magic);
}
