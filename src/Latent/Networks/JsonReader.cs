using System.Text.Json;

namespace Latent.Networks;

/// <summary>An object of JSON from a file, read value by value; whatever is not as it should be becomes a message that says where.</summary>
internal readonly struct JsonReader
{
    private const int LongestName = 100;
    private readonly JsonElement _element;
    private readonly string _where;

    /// <param name="element">The object.</param>
    /// <param name="where">What it is, as the start of a sentence.</param>
    public JsonReader(JsonElement element, string where)
    {
        (_element, _where) = (element, where);
        if (element.ValueKind != JsonValueKind.Object)
            throw new LatentException($"{where} cannot be read.", "an object {…}", Show(element));
    }

    /// <summary>The whole object, for readers that are not ours.</summary>
    public JsonElement Element => _element;

    /// <summary>Whether there is a value of this name that is not null.</summary>
    public bool Has(string name) => Find(name) is not null;

    public bool IsObject(string name) => Find(name)?.ValueKind == JsonValueKind.Object;

    public bool IsText(string name) => Find(name)?.ValueKind == JsonValueKind.String;

    public JsonReader Object(string name) => new(Require(name), $"{_where}, in '{name}',");

    public JsonElement.ArrayEnumerator Array(string name)
    {
        var value = Require(name);
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(name, "a list […]", value);
    }

    /// <summary>The texts of a list; of what is no text its JSON.</summary>
    public string[] Texts(string name)
    {
        var texts = new List<string>();
        foreach (var item in Array(name))
            texts.Add(item.ValueKind == JsonValueKind.String ? Decode(item) : item.GetRawText());
        return [.. texts];
    }

    /// <summary>The objects of a list.</summary>
    public IEnumerable<JsonReader> Objects(string name)
    {
        string where = $"{_where}, in '{name}',";
        return Array(name).Select(element => new JsonReader(element, where));
    }

    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    public string? OptionalText(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? Decode(value)
        : throw Wrong(name, "text", value);

    public string Name(string name) => OptionalName(name) ?? throw Missing(name);

    /// <summary>Text that stands in tables and in the names of weights.</summary>
    public string? OptionalName(string name) =>
        OptionalText(name) is not { } text ? null
        : text.Length <= LongestName && Shown.IsPlain(text) ? text
        : throw Wrong(name, $"at most {LongestName} printable characters", Find(name)!.Value);

    public int Int(string name) => OptionalInt(name) ?? throw Missing(name);

    public int? OptionalInt(string name) =>
        Find(name) is not { } value ? null
        : IsInt(value, out int number) ? number
        : throw Wrong(name, "a whole number", value);

    public long Long(string name) => OptionalLong(name) ?? throw Missing(name);

    public long? OptionalLong(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number
        : throw Wrong(name, "a whole number", value);

    public double Number(string name) => OptionalNumber(name) ?? throw Missing(name);

    public float Float(string name)
    {
        var value = Require(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) && float.IsFinite(number)
            ? number
            : throw Wrong(name, "a finite number", value);
    }

    public double? OptionalNumber(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) ? number
        : throw Wrong(name, "a finite number", value);

    public bool Bool(string name) => OptionalBool(name) ?? throw Missing(name);

    public bool? OptionalBool(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(name, "true or false", value);

    public Size2 Size(string name) => OptionalSize(name) ?? throw Missing(name);

    /// <summary>Two whole numbers, or one for both.</summary>
    public Size2? OptionalSize(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (IsInt(value, out int side))
            return side;
        return Ints(value) is [var height, var width] ? (height, width) : throw Wrong(name, "two whole numbers", value);
    }

    /// <summary>Rows above and below, columns left and right, in Keras's three ways of writing them.</summary>
    public Margins? OptionalMargins(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (IsInt(value, out int all))
            return all;
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2)
        {
            if (Ints(value) is [var rows, var columns])
                return new(rows, rows, columns, columns);
            if (Ints(value[0]) is [var top, var bottom] && Ints(value[1]) is [var left, var right])
                return new(top, bottom, left, right);
        }
        throw Wrong(name, "a whole number, two, or two pairs", value);
    }

    /// <summary>An axis: a whole number, or a list of one.</summary>
    public int? OptionalAxis(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Array } value && Ints(value) is [var axis] ? axis : OptionalInt(name);

    public Shape Shape(string name)
    {
        var value = Require(name);
        return Ints(value) switch
        {
            [var size] => Networks.Shape.Vector(size),
            [var height, var width, var channels] => new(height, width, channels),
            _ => throw Wrong(name, "a shape of one or three whole numbers", value),
        };
    }

    private JsonElement? Find(string name)
    {
        var element = _element;
        return Decode<JsonElement?>(() =>
            element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null
        );
    }

    private string Decode(JsonElement text) => Decode(() => text.GetString()!);

    private T Decode<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException e)
        {
            throw new LatentException(
                $"{_where} cannot be read.",
                "valid Unicode",
                "a half of a surrogate pair, or broken UTF-8",
                inner: e
            );
        }
    }

    private JsonElement Require(string name) => Find(name) ?? throw Missing(name);

    private static bool IsInt(JsonElement value, out int number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number);
    }

    private static int[]? Ints(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return null;
        var numbers = new int[value.GetArrayLength()];
        int i = 0;
        foreach (var item in value.EnumerateArray())
            if (!IsInt(item, out numbers[i++]))
                return null;
        return numbers;
    }

    private LatentException Missing(string name) => new($"{_where} cannot be read.", $"a value '{name}'", "none");

    private LatentException Wrong(string name, string expected, JsonElement value) =>
        new($"{_where} cannot be read.", $"'{name}' to be {expected}", Show(value));

    private static string Show(JsonElement element) => Shown.Of(element.GetRawText());
}
