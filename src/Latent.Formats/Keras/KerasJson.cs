using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latent.Formats.Keras;

/// <summary>Values of Keras's JSON that may be missing or of another kind.</summary>
internal static class KerasJson
{
    /// <summary>The longest description: some thousand layers.</summary>
    public const int Longest = 16 << 20;

    /// <summary>A document; how deep it may go is limited, so that no stack overflows.</summary>
    /// <exception cref="BrokenFileException">It is no JSON, or goes too deep.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> utf8, string what)
    {
        if (utf8.Length > Longest)
            throw new BrokenFileException($"Its {what} has {utf8.Length:N0} bytes; at most {Longest:N0} are read here.");
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new BrokenFileException(
                $"Its {what} is no JSON that can be read, from line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} on.",
                e
            );
        }
    }

    public static JsonElement? Member(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
        && Decode(() => json.TryGetProperty(name, out var value) ? value : (JsonElement?)null) is { } value
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string? Text(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.String } value ? value.Text() : null;

    /// <summary>The text that a value is.</summary>
    public static string Text(this JsonElement text) => Decode(() => text.GetString()!);

    public static bool IsTrue(this JsonElement json, string name) => json.Member(name)?.ValueKind == JsonValueKind.True;

    public static bool IsFalse(this JsonElement json, string name) => json.Member(name)?.ValueKind == JsonValueKind.False;

    public static double? Number(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : null;

    public static int? Whole(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number) ? number : null;

    /// <summary>The items of a list; none where there is none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>A shape without the batch; a size that is not given is 0. Null where it is no shape.</summary>
    public static int[]? Shape(this JsonElement json, string name)
    {
        if (json.Member(name) is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() < 1)
            return null;
        var sides = new List<int>();
        foreach (var side in list.EnumerateArray().Skip(1))
            if (side.ValueKind == JsonValueKind.Null)
                sides.Add(0);
            else if (side.ValueKind == JsonValueKind.Number && side.TryGetInt32(out int size) && size > 0)
                sides.Add(size);
            else
                return null;
        return [.. sides];
    }

    /// <summary>A copy with other values; null takes one away.</summary>
    public static JsonElement With(this JsonElement json, params ReadOnlySpan<(string Name, JsonNode? Value)> values)
    {
        var changes = values.ToArray();
        return Decode(() =>
        {
            var copy = JsonObject.Create(json)!;
            foreach (var (name, value) in changes)
                if (value is null)
                    copy.Remove(name);
                else
                    copy[name] = value;
            return JsonElement.Parse(copy.ToJsonString());
        });
    }

    private static T Decode<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException) // half of a surrogate pair, or a name twice
        {
            throw new BrokenFileException("Its description has text that is no valid Unicode, or a name twice.", e);
        }
    }
}
