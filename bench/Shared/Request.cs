using System.Globalization;

namespace Latent.Bench.Shared;

/// <summary>
/// A word and its options on one line, "train batch=64 steps=100": what a side is asked, and what a layer of a case is written as. Values
/// have no spaces in them, but for the last one of a line.
/// </summary>
internal sealed class Request
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    private Request(string word) => Word = word;

    public string Word { get; }

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It has no word, or an option without '='.</exception>
    public static Request Parse(string line)
    {
        string[] parts = line.Split(' ', 2, StringSplitOptions.TrimEntries);
        var request = new Request(parts[0].Length > 0 ? parts[0] : throw new FormatException("A request needs a word."));
        string rest = parts.Length > 1 ? parts[1] : "";
        while (rest.Length > 0)
        {
            int equals = rest.IndexOf('=');
            if (equals < 1)
                throw new FormatException($"'{rest}' is no option of the form name=value.");
            string name = rest[..equals],
                value = rest[(equals + 1)..];
            int next = NextOption(value);
            request._options[name] = next < 0 ? value : value[..next];
            rest = next < 0 ? "" : value[(next + 1)..];
        }
        return request;
    }

    public string Text(string name) =>
        _options.GetValueOrDefault(name) ?? throw new FormatException($"'{Word}' needs the option '{name}'.");

    public string Text(string name, string otherwise) => _options.GetValueOrDefault(name, otherwise);

    public int Whole(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);

    public double Real(string name) => double.Parse(Text(name), CultureInfo.InvariantCulture);

    /// <summary>Sizes that stand as "28x28x1".</summary>
    public int[] Sizes(string name) => Array.ConvertAll(Text(name).Split('x'), text => int.Parse(text, CultureInfo.InvariantCulture));

    // The space before the next "name=", so that a path with spaces can be a value.
    private static int NextOption(string value)
    {
        int equals = value.IndexOf('=');
        return equals < 0 ? -1 : value.LastIndexOf(' ', equals);
    }
}
