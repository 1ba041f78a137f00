using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Latent.Models;

/// <summary>What a safetensors file holds.</summary>
public sealed class SafeTensorsFile
{
    /// <summary>Text by name.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Tensors by name.</summary>
    public required IReadOnlyDictionary<string, Tensor> Tensors { get; init; }
}

/// <summary>
/// Reads and writes safetensors files: the length of the header (8 bytes, little-endian), the header (JSON: type, shape and place of each
/// tensor, and text by name under "__metadata__"), the tensors.
/// </summary>
public static class SafeTensors
{
    /// <summary>The metadata that says which version of our format a file has.</summary>
    public const string VersionKey = "latent.version";

    /// <summary>The version written, and the newest one read.</summary>
    public const int Version = 1;

    internal const string MetadataKey = "__metadata__";

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LatentException">It is missing, no safetensors file, damaged, or of a newer version of our format.</exception>
    public static SafeTensorsFile Read(string path) =>
        Read(
            path,
            reader => new SafeTensorsFile
            {
                Metadata = reader.Metadata,
                Tensors = reader.Tensors.Keys.ToDictionary(name => name, reader.Read, StringComparer.Ordinal),
            }
        );

    /// <summary>Reads the header of a file, and of its tensors those that a function asks for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads the open file, which is closed afterwards.</param>
    /// <returns>What the function returned.</returns>
    /// <exception cref="LatentException">It is missing, no safetensors file, damaged, or of a newer version of our format.</exception>
    /// <example>
    /// <code>float[] bias = SafeTensors.Read("model.safetensors", file => file.Read("encoder/dense/bias").ToFloats());</code>
    /// </example>
    public static T Read<T>(string path, Func<SafeTensorsReader, T> read) =>
        InputFile.Read(
            path,
            stream =>
            {
                var reader = new SafeTensorsReader(path, stream);
                CheckVersion(path, reader.Metadata);
                return read(reader);
            }
        );

    /// <summary>Writes a file, atomically. The same content gives the same bytes, in whatever order it comes.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="tensors">Tensors by name.</param>
    /// <param name="metadata">Text by name; the format's version is added.</param>
    /// <exception cref="LatentException">
    /// The file cannot be written, or has more tensors, texts or bytes of them than <see cref="SafeTensorsReader"/> reads.
    /// </exception>
    public static void Write(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IEnumerable<KeyValuePair<string, string>>? metadata = null
    )
    {
        // Wide numbers first, so that each tensor starts at a multiple of its numbers' size.
        var sorted = tensors
            .OrderByDescending(t => ElementSize(t.Value.DType) ?? throw new ArgumentException($"'{t.Value.DType}' is no type of numbers."))
            .ThenBy(t => t.Key, StringComparer.Ordinal)
            .ToArray();
        var text = new SortedDictionary<string, string>(StringComparer.Ordinal) { [VersionKey] = $"{Version}" };
        foreach (var (key, value) in metadata ?? [])
            text[key] = value;
        byte[] header = Header(sorted, text);
        if (header.Length > SafeTensorsReader.LargestHeader || Math.Max(sorted.Length, text.Count) > SafeTensorsReader.MostNames)
            throw new LatentException(
                $"'{path}' is not written: its names and its metadata are too many or too long.",
                $"at most {SafeTensorsReader.MostNames:N0} tensors and texts, and {SafeTensorsReader.LargestHeader:N0} bytes in all",
                $"{sorted.Length:N0} tensors, {text.Count:N0} texts, {header.Length:N0} bytes"
            );
        AtomicFile.Write(
            path,
            stream =>
            {
                Span<byte> length = stackalloc byte[sizeof(long)];
                BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
                stream.Write(length);
                stream.Write(header);
                foreach (var (_, tensor) in sorted)
                    stream.Write(tensor.Data.Span);
            }
        );
    }

    /// <summary>Bytes of one number of a type; null for a type that the format does not have.</summary>
    internal static int? ElementSize(string dtype) =>
        dtype switch
        {
            "F64" or "I64" or "U64" => 8,
            "F32" or "I32" or "U32" => 4,
            "F16" or "BF16" or "I16" or "U16" => 2,
            "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" => 1,
            _ => null,
        };

    private static byte[] Header(KeyValuePair<string, Tensor>[] tensors, SortedDictionary<string, string> metadata)
    {
        using var header = new MemoryStream();
        var readable = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // the file is no web page
        using (var json = new Utf8JsonWriter(header, readable))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataKey);
            foreach (var (key, value) in metadata)
                json.WriteString(key, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (var (name, tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.DType);
                json.WriteStartArray("shape");
                foreach (int side in tensor.Shape)
                    json.WriteNumberValue(side);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Data.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        header.Write(Encoding.ASCII.GetBytes(new string(' ', (int)(-header.Length & 7))));
        return header.ToArray();
    }

    private static void CheckVersion(string path, IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(VersionKey, out string? text))
            return;
        if (!int.TryParse(text, out int version) || version < 1)
            throw new LatentException(
                $"'{path}' has no valid format version.",
                $"a whole number from 1 to {Version}",
                $"'{Shown.Of(text)}'",
                "get the file again"
            );
        if (version > Version)
            throw new LatentException(
                $"'{path}' was written by a newer version of Latent.",
                $"format version {Version} at most",
                $"{version}",
                "update Latent, or write the file again with this version"
            );
    }
}
