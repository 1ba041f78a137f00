using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latent.Networks;

namespace Latent.Cli.Output;

/// <summary>The one JSON document that a command writes for machines.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for a terminal, not for a web page
    };

    public static void Write(JsonObject document, TextWriter writer) => writer.WriteLine(document.ToJsonString(s_options));

    /// <summary>A number; null where JSON has none for it (NaN, infinity).</summary>
    public static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    /// <summary>[height, width, channels], or [size] for a vector.</summary>
    public static JsonArray Of(Shape shape) => shape.IsVector ? [shape.Size] : [shape.Height, shape.Width, shape.Channels];
}
