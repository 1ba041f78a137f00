using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Latent.Models;

namespace Latent.Cli.Tests.Use;

/// <summary>Safetensors as another program would write them: any metadata.</summary>
internal static class RawSafeTensors
{
    public static void Write(string path, SafeTensorsFile content, IReadOnlyDictionary<string, string> metadata)
    {
        var header = new JsonObject
        {
            ["__metadata__"] = new JsonObject(metadata.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
        };
        var bytes = new List<byte>();
        foreach (var (name, tensor) in content.Tensors)
        {
            int start = bytes.Count;
            bytes.AddRange(tensor.Data.Span);
            header[name] = new JsonObject
            {
                ["dtype"] = tensor.DType,
                ["shape"] = new JsonArray([.. tensor.Shape.Select(side => JsonValue.Create(side))]),
                ["data_offsets"] = new JsonArray(start, bytes.Count),
            };
        }
        byte[] text = System.Text.Encoding.UTF8.GetBytes(header.ToJsonString());
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        File.WriteAllBytes(path, [.. length, .. text, .. bytes]);
    }
}
