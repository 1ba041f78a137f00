using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Latent.Models;

/// <summary>Reads one safetensors file, trusting nothing in it: no length leads to more memory than the file has bytes.</summary>
internal sealed class SafeTensorsReader(string path, FileStream stream)
{
    private const int LargestHeader = 100_000_000; // the format's own limit

    private sealed record Entry(string Name, string DType, ImmutableArray<int> Shape, long Begin, long End);

    public SafeTensorsFile Read()
    {
        byte[] header = ReadHeader();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<Entry>();
        try
        {
            using var json = JsonDocument.Parse(header);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw Damaged("Its header is no JSON object.");
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                    throw Damaged($"Its header has the name '{property.Name}' twice.");
                if (property.Name == SafeTensors.MetadataKey)
                    ReadMetadata(property.Value, metadata);
                else
                    entries.Add(ReadEntry(property.Name, property.Value));
            }
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw Damaged("Its header is no valid JSON.", received: e.Message, inner: e);
        }
        CheckPlaces(entries);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var data = new byte[entry.End - entry.Begin];
            stream.Position = sizeof(long) + header.Length + entry.Begin;
            stream.ReadExactly(data);
            tensors.Add(entry.Name, new(entry.DType, entry.Shape, data));
        }
        return new() { Metadata = metadata, Tensors = tensors };
    }

    private byte[] ReadHeader()
    {
        Span<byte> start = stackalloc byte[sizeof(long)];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (OtherFormat(start[..read]) is { } format)
            throw new LatentException(
                $"'{path}' is no safetensors file.",
                "safetensors",
                format,
                "give a model.safetensors; Keras's own files are not read here"
            );
        if (read < start.Length)
            throw Damaged("It is too short.", "at least 8 bytes", $"{read}");
        long length = BinaryPrimitives.ReadInt64LittleEndian(start);
        long room = Math.Min(stream.Length - sizeof(long), LargestHeader);
        if (length < 2 || length > room)
            throw Damaged(
                "The length of its header cannot be right.",
                $"2 to {room:N0} bytes",
                $"{BinaryPrimitives.ReadUInt64LittleEndian(start):N0}",
                "give a safetensors file; if it is one, it is truncated: get it again"
            );
        var header = new byte[length];
        stream.ReadExactly(header);
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

    private void ReadMetadata(JsonElement json, Dictionary<string, string> metadata)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw Damaged("Its metadata is no JSON object.");
        foreach (var property in json.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
                throw Damaged($"Its metadata '{property.Name}' is no text.");
            if (!metadata.TryAdd(property.Name, property.Value.GetString()!))
                throw Damaged($"Its metadata has the name '{property.Name}' twice.");
        }
    }

    private Entry ReadEntry(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw Damaged($"The entry of the tensor '{name}' is no JSON object.");
        if (!json.TryGetProperty("dtype", out var type) || type.ValueKind != JsonValueKind.String)
            throw Damaged($"The tensor '{name}' has no type.", "\"dtype\": \"F32\"");
        string dtype = type.GetString()!;
        if (SafeTensors.ElementSize(dtype) is not { } elementSize)
            throw Damaged($"The tensor '{name}' has an unknown type.", "F32, U8 or another type of the format", $"'{dtype}'");
        if (!json.TryGetProperty("shape", out var shape) || Numbers(shape) is not { } sides)
            throw Damaged($"The tensor '{name}' has no shape.", "a list of whole numbers of at least 0");
        if (!json.TryGetProperty("data_offsets", out var offsets) || Numbers(offsets) is not [var begin, var end])
            throw Damaged($"The tensor '{name}' has no place in the file.", "\"data_offsets\": two whole numbers of at least 0");
        long size = elementSize;
        foreach (long side in sides)
        {
            if (side > int.MaxValue || (side > 0 && size > long.MaxValue / side))
                throw Damaged($"The shape of the tensor '{name}' is too large.", "sizes that a file can hold", shape.GetRawText());
            size *= side;
        }
        if (end < begin || end - begin != size)
            throw Damaged(
                $"The place of the tensor '{name}' does not fit its shape.",
                $"{size:N0} bytes, for {dtype} {shape.GetRawText()}",
                $"bytes {begin:N0} to {end:N0}"
            );
        if (begin % elementSize != 0)
            throw Damaged(
                $"The tensor '{name}' is not aligned.",
                $"a start at a multiple of {elementSize} bytes, for {dtype}",
                $"{begin:N0}",
                "write the file again with the widest types first"
            );
        if (size > Array.MaxLength)
            throw Damaged($"The tensor '{name}' is too large for memory.", $"{Array.MaxLength:N0} bytes at most", $"{size:N0}");
        return new(name, dtype, [.. sides.Select(side => (int)side)], begin, end);
    }

    /// <summary>The format's rule: the tensors lie one after the other and fill the file.</summary>
    private void CheckPlaces(List<Entry> entries)
    {
        long room = stream.Length - stream.Position;
        long next = 0;
        string last = "the header";
        foreach (var entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.End > room)
                throw Damaged(
                    $"The tensor '{entry.Name}' lies beyond the end of the file.",
                    $"a file of at least {stream.Length - room + entries.Max(e => e.End):N0} bytes",
                    $"{stream.Length:N0}",
                    "the file is truncated: get it again"
                );
            if (entry.Begin < next)
                throw Damaged($"The tensors '{last}' and '{entry.Name}' overlap.", $"a start at {next:N0}", $"{entry.Begin:N0}");
            if (entry.Begin > next)
                throw Damaged($"Between '{last}' and '{entry.Name}' lies a gap.", $"a start at {next:N0}", $"{entry.Begin:N0}");
            (next, last) = (entry.End, entry.Name);
        }
        if (next != room)
            throw Damaged("It has more bytes than its tensors.", $"{next:N0} bytes after the header", $"{room:N0}");
    }

    private static long[]? Numbers(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array)
            return null;
        var numbers = new long[json.GetArrayLength()];
        int i = 0;
        foreach (var item in json.EnumerateArray())
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out numbers[i]) || numbers[i++] < 0)
                return null;
        return numbers;
    }

    private LatentException Damaged(
        string what,
        string? expected = null,
        string? received = null,
        string? fix = null,
        Exception? inner = null
    ) => new($"'{path}' is damaged or no safetensors file. {what}", expected, received, fix ?? "get the file again", inner);
}
