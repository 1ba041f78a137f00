using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Latent.Tests.Shared;

/// <summary>A safetensors file of Keras's numbers, read apart from Latent's own reader, which is under test itself.</summary>
internal sealed class GoldenTensors
{
    private readonly byte[] _data;
    private readonly Dictionary<string, JsonElement> _entries = new(StringComparer.Ordinal);

    public GoldenTensors(string path)
    {
        var bytes = File.ReadAllBytes(path);
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        _data = bytes[(8 + header)..];
        using var document = JsonDocument.Parse(bytes.AsMemory(8, header));
        foreach (var entry in document.RootElement.EnumerateObject())
            if (entry.Name == "__metadata__")
                Metadata = entry.Value.EnumerateObject().ToDictionary(e => e.Name, e => e.Value.GetString()!, StringComparer.Ordinal);
            else
                _entries.Add(entry.Name, entry.Value.Clone());
    }

    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IEnumerable<string> Names => _entries.Keys.Order(StringComparer.Ordinal);

    public int[] Shape(string name) => [.. _entries[name].GetProperty("shape").EnumerateArray().Select(e => e.GetInt32())];

    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();

    public ReadOnlySpan<byte> Bytes(string name)
    {
        var offsets = _entries[name].GetProperty("data_offsets");
        return _data.AsSpan(offsets[0].GetInt32()..offsets[1].GetInt32());
    }
}
