using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Latent.Models;

/// <summary>
/// The header of one safetensors file, read token by token: a document of it would take many times its size. Nothing in it is trusted.
/// </summary>
internal sealed class SafeTensorsHeader
{
    private const int MostSides = 64;
    private readonly string _path;
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorEntry> _tensors = new(StringComparer.Ordinal);

    /// <param name="path">For messages.</param>
    /// <param name="header">JSON.</param>
    /// <param name="room">The bytes of the file after the header.</param>
    public SafeTensorsHeader(string path, ReadOnlySpan<byte> header, long room)
    {
        _path = path;
        try
        {
            var json = new Utf8JsonReader(header);
            Read(ref json);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw Damaged("Its header is no valid JSON.", received: Shown.Problem(e), inner: e);
        }
        CheckPlaces(sizeof(long) + header.Length, room);
    }

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    public IReadOnlyDictionary<string, TensorEntry> Tensors => _tensors;

    private void Read(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            throw Damaged("Its header is no JSON object.");
        bool hasMetadata = false;
        while (NextName(ref json) is { } name)
        {
            if (name == SafeTensors.MetadataKey ? hasMetadata : _tensors.ContainsKey(name))
                throw Twice("header", name);
            CheckCount(_tensors.Count, "tensors");
            json.Read();
            if (name == SafeTensors.MetadataKey)
                ReadMetadata(ref json);
            else
                _tensors.Add(name, ReadEntry(ref json, name));
            hasMetadata |= name == SafeTensors.MetadataKey;
        }
        json.Read(); // throws where anything but spaces follows
    }

    private void CheckCount(int count, string what)
    {
        if (count > SafeTensorsReader.MostNames)
            throw Damaged($"It has too many {what}.", $"at most {SafeTensorsReader.MostNames:N0}", "more");
    }

    private static string? NextName(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.PropertyName ? json.GetString() : null;
    }

    private void ReadMetadata(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw Damaged("Its metadata is no JSON object.");
        while (NextName(ref json) is { } name)
        {
            json.Read();
            if (json.TokenType != JsonTokenType.String)
                throw Damaged($"Its metadata '{Shown.Of(name)}' is no text.");
            if (!_metadata.TryAdd(name, json.GetString()!))
                throw Twice("metadata", name);
            CheckCount(_metadata.Count, "texts in its metadata");
        }
    }

    private TensorEntry ReadEntry(ref Utf8JsonReader json, string name)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw Damaged($"The entry of the tensor '{Shown.Of(name)}' is no JSON object.");
        string? dtype = null;
        ImmutableArray<long>? shape = null,
            offsets = null;
        while (NextName(ref json) is { } part)
        {
            json.Read();
            if (
                part switch
                {
                    "dtype" => dtype is not null,
                    "shape" => shape is not null,
                    "data_offsets" => offsets is not null,
                    _ => false,
                }
            )
                throw Twice($"entry of the tensor '{Shown.Of(name)}'", part);
            switch (part)
            {
                case "dtype":
                    dtype = json.TokenType == JsonTokenType.String ? json.GetString() : throw NoType();
                    break;
                case "shape":
                    shape = Numbers(ref json) ?? throw NoShape();
                    break;
                case "data_offsets":
                    offsets = Numbers(ref json) is { Length: 2 } two ? two : throw NoPlace();
                    break;
                default:
                    json.Skip();
                    break;
            }
        }
        int elementSize =
            SafeTensors.ElementSize(dtype ?? throw NoType())
            ?? throw Damaged(
                $"The tensor '{Shown.Of(name)}' has an unknown type.",
                "F32, U8 or another type of the format",
                $"'{Shown.Of(dtype)}'"
            );
        return Entry(name, dtype, elementSize, shape ?? throw NoShape(), offsets ?? throw NoPlace());

        LatentException NoType() => Damaged($"The tensor '{Shown.Of(name)}' has no type.", "\"dtype\": \"F32\"");
        LatentException NoShape() =>
            Damaged($"The tensor '{Shown.Of(name)}' has no shape.", $"a list of at most {MostSides} whole numbers of at least 0");
        LatentException NoPlace() =>
            Damaged($"The tensor '{Shown.Of(name)}' has no place in the file.", "\"data_offsets\": two whole numbers of at least 0");
    }

    private TensorEntry Entry(string name, string dtype, int elementSize, ImmutableArray<long> shape, ImmutableArray<long> offsets)
    {
        long size = elementSize,
            begin = offsets[0],
            end = offsets[1];
        foreach (long side in shape)
        {
            if (side > int.MaxValue || (side > 0 && size > long.MaxValue / side))
                throw Damaged($"The shape of the tensor '{Shown.Of(name)}' is too large.", "sizes that a file can hold", Sides());
            size *= side;
        }
        if (end < begin || end - begin != size)
            throw Damaged(
                $"The place of the tensor '{Shown.Of(name)}' does not fit its shape.",
                $"{size:N0} bytes, for {dtype} {Sides()}",
                $"bytes {begin:N0} to {end:N0}"
            );
        if (begin % elementSize != 0)
            throw Damaged(
                $"The tensor '{Shown.Of(name)}' is not aligned.",
                $"a start at a multiple of {elementSize} bytes, for {dtype}",
                $"{begin:N0}",
                "write the file again with the widest types first"
            );
        var sides = ImmutableArray.CreateBuilder<int>(shape.Length);
        foreach (long side in shape)
            sides.Add((int)side);
        return new(dtype, sides.MoveToImmutable(), begin, size);

        string Sides() => Shown.Of($"[{string.Join(',', shape)}]");
    }

    /// <summary>Whole numbers of at least 0, or null where anything else stands there or they are more than a shape has.</summary>
    private static ImmutableArray<long>? Numbers(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            return null;
        var numbers = ImmutableArray.CreateBuilder<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long number) || number < 0 || numbers.Count == MostSides)
                return null;
            numbers.Add(number);
        }
        return numbers.DrainToImmutable();
    }

    /// <summary>The format's rule: the tensors lie one after the other and fill the file.</summary>
    private void CheckPlaces(long begin, long room)
    {
        var places = _tensors.Select(t => (t.Value.Start, End: t.Value.Start + t.Value.Length, Name: t.Key)).ToArray();
        Array.Sort(places, (a, b) => (a.Start, a.End).CompareTo((b.Start, b.End)));
        long next = 0;
        string last = "the header";
        foreach (var (start, end, name) in places)
        {
            if (end > room)
                throw Damaged(
                    $"The tensor '{Shown.Of(name)}' lies beyond the end of the file.",
                    $"a file of at least {begin + places.Max(p => p.End):N0} bytes",
                    $"{begin + room:N0}",
                    "the file is truncated: get it again"
                );
            if (start < next)
                throw Damaged($"The tensors '{Shown.Of(last)}' and '{Shown.Of(name)}' overlap.", $"a start at {next:N0}", $"{start:N0}");
            if (start > next)
                throw Damaged($"Between '{Shown.Of(last)}' and '{Shown.Of(name)}' lies a gap.", $"a start at {next:N0}", $"{start:N0}");
            (next, last) = (end, name);
        }
        if (next != room)
            throw Damaged("It has more bytes than its tensors.", $"{next:N0} bytes after the header", $"{room:N0}");
    }

    private LatentException Twice(string where, string name) => Damaged($"Its {where} has the name '{Shown.Of(name)}' twice.");

    private LatentException Damaged(
        string what,
        string? expected = null,
        string? received = null,
        string? fix = null,
        Exception? inner = null
    ) => SafeTensorsReader.Damaged(_path, what, expected, received, fix, inner);
}
