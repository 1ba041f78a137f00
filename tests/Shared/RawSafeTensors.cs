using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Latent.Tests.Shared;

/// <summary>Safetensors files byte by byte, as another program or a hostile one would write them.</summary>
internal static class RawSafeTensors
{
    /// <summary>A file with any header, and any length of it.</summary>
    public static byte[] Bytes(string header, byte[] data, long? headerLength = null)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, headerLength ?? json.Length);
        json.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + json.Length);
        return bytes;
    }

    /// <summary>A file with any header and so many zeros behind it, which take no room on the disk.</summary>
    public static string Write(string path, string header, long zeros, long? headerLength = null)
    {
        using var file = File.Create(path);
        file.Write(Bytes(header, [], headerLength));
        file.SetLength(file.Length + zeros);
        return path;
    }

    /// <summary>A model file: two descriptions, whatever they say, further metadata, and tensors of zeros.</summary>
    public static string WriteModel(
        string path,
        string encoder,
        string decoder,
        IEnumerable<(string Name, int[] Shape)> tensors,
        params ReadOnlySpan<(string Key, string Text)> metadata
    )
    {
        var texts = new JsonObject { ["latent.encoder"] = encoder, ["latent.decoder"] = decoder };
        foreach (var (key, text) in metadata)
            texts[key] = text;
        var header = new JsonObject { ["__metadata__"] = texts };
        long end = 0;
        foreach (var (name, shape) in tensors)
        {
            long start = end;
            end += shape.Aggregate(4L, (product, side) => product * side);
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. shape.Select(side => JsonValue.Create(side))]),
                ["data_offsets"] = new JsonArray(start, end),
            };
        }
        return Write(path, header.ToJsonString(), end);
    }

    /// <summary>A JSON object of as many entries as fit into so many bytes.</summary>
    public static string Fill(int bytes, string before, Func<int, string> entry, string after)
    {
        var text = new StringBuilder(before);
        for (int i = 0; ; i++)
        {
            string next = entry(i);
            if (text.Length + next.Length + after.Length + 1 > bytes)
                return text.Append(after).ToString();
            text.Append(i == 0 ? "" : ",").Append(next);
        }
    }
}
