using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Latent.Models;

/// <summary>What a safetensors file says of one tensor, before its numbers are read.</summary>
/// <param name="DType">The type of the numbers, in safetensors' words: "F32", "U8", "I64", …</param>
/// <param name="Shape">The sizes; empty for a single number.</param>
/// <param name="Start">The index of its first byte behind the header.</param>
/// <param name="Length">Its bytes: the shape's product times the size of a number.</param>
public sealed record TensorEntry(string DType, ImmutableArray<int> Shape, long Start, long Length);

/// <summary>
/// An open safetensors file: what is in it is known, and a tensor is read when it is asked for. Nothing in it is trusted: no length that it
/// claims leads to more memory than it has bytes, and its header is read in little more than the header's size. Not thread-safe.
/// </summary>
public sealed class SafeTensorsReader
{
    /// <summary>
    /// The longest header that is read or written, in bytes: 16 MiB. The format itself allows 100 MB, of which a hostile file could make many
    /// times that in memory.
    /// </summary>
    public const int LargestHeader = 16 << 20;

    /// <summary>The most tensors that a file may have, and the most texts.</summary>
    public const int MostNames = 100_000;

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly SafeTensorsHeader _header;
    private readonly long _dataStart;

    internal SafeTensorsReader(string path, FileStream stream)
    {
        (_path, _stream) = (path, stream);
        byte[] header = ReadHeader();
        _dataStart = sizeof(long) + header.Length;
        _header = new(path, header, stream.Length - _dataStart);
    }

    /// <summary>Text by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>The tensors by name: all of them lie within the file, none over another.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => _header.Tensors;

    /// <summary>Reads one tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="LatentException">There is none of this name, or it is longer than an array can be.</exception>
    public Tensor Read(string name)
    {
        var entry = Find(name);
        if (entry.Length > Array.MaxLength)
            throw Damaged(
                _path,
                $"The tensor '{Shown.Of(name)}' is too large for memory.",
                $"{Array.MaxLength:N0} bytes at most",
                $"{entry.Length:N0}"
            );
        var data = new byte[entry.Length];
        _stream.Position = _dataStart + entry.Start;
        _stream.ReadExactly(data);
        return new(entry.DType, entry.Shape, data);
    }

    /// <summary>Reads the numbers of one tensor of type "F32" into memory that exists.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="destination">As long as the shape's product.</param>
    /// <exception cref="LatentException">There is none of this name, or it has another type or length.</exception>
    public void ReadFloats(string name, Span<float> destination)
    {
        var entry = Find(name);
        if (entry.DType != "F32" || entry.Length != (long)destination.Length * sizeof(float))
            throw new LatentException(
                $"The tensor '{Shown.Of(name)}' in '{_path}' does not fit.",
                $"{destination.Length:N0} numbers of F32",
                $"{string.Join(" × ", entry.Shape)} of {entry.DType}"
            );
        const int block = 1 << 28; // a span has no more than 2³¹ bytes
        _stream.Position = _dataStart + entry.Start;
        for (; !destination.IsEmpty; destination = destination[Math.Min(destination.Length, block)..])
            _stream.ReadExactly(MemoryMarshal.AsBytes(destination[..Math.Min(destination.Length, block)]));
    }

    internal static LatentException Damaged(
        string path,
        string what,
        string? expected = null,
        string? received = null,
        string? fix = null,
        Exception? inner = null
    ) => new($"'{path}' is damaged or no safetensors file. {what}", expected, received, fix ?? "get the file again", inner);

    private TensorEntry Find(string name) =>
        Tensors.TryGetValue(name, out var entry)
            ? entry
            : throw new LatentException(
                $"'{_path}' has no tensor '{Shown.Of(name)}'.",
                received: WeightsFile.List(Tensors.Keys.Select(Shown.Of))
            );

    private byte[] ReadHeader()
    {
        Span<byte> start = stackalloc byte[sizeof(long)];
        int read = _stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (OtherFormat(start[..read]) is { } format)
            throw new LatentException(
                $"'{_path}' is no safetensors file.",
                "safetensors",
                format,
                "import a file of Keras first: latent import FILE, in code KerasModel.Open(path).ToAutoencoder() of Latent.Formats"
            );
        if (read < start.Length)
            throw Damaged(_path, "It is too short.", "at least 8 bytes", $"{read}");
        long length = BinaryPrimitives.ReadInt64LittleEndian(start),
            room = _stream.Length - sizeof(long);
        if (length > LargestHeader && length <= room)
            throw new LatentException(
                $"The header of '{_path}' is longer than Latent reads.",
                $"at most {LargestHeader:N0} bytes (16 MiB)",
                $"{length:N0}",
                "write the file again with less text in its metadata or with fewer tensors, or as several files"
            );
        if (length < 2 || length > room)
            throw Damaged(
                _path,
                "The length of its header cannot be right.",
                $"2 to {room:N0} bytes",
                $"{BinaryPrimitives.ReadUInt64LittleEndian(start):N0}",
                "give a safetensors file; if it is one, it is truncated: get it again"
            );
        var header = new byte[length];
        _stream.ReadExactly(header);
        return header;
    }

    private static string? OtherFormat(ReadOnlySpan<byte> start) =>
        start switch
        {
            [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "an HDF5 file, as Keras writes with the ending .h5",
            [(byte)'P', (byte)'K', 3, 4, ..] => "a zip file, as Keras writes with the ending .keras",
            [0x93, (byte)'N', (byte)'U', (byte)'M', ..] => "a NumPy array, .npy",
            _ => null,
        };
}
