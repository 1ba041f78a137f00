using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Latent.Cli.Parsing;

/// <summary>
/// Options that say what they take, in the help and when a value is wrong. The values are read by custom parsers: a validator that reads a
/// value which does not parse ends the program.
/// </summary>
internal static class Make
{
    private const int LongestChoices = 70; // characters: more words stand in the text, which is wrapped

    /// <summary>An option with a whole number.</summary>
    /// <param name="names">The name and its aliases.</param>
    /// <param name="help">What it is, without range and default.</param>
    /// <param name="minimum">The least number.</param>
    /// <param name="fallback">What the help says of the default.</param>
    /// <param name="maximum">The greatest number.</param>
    public static Option<int?> Whole(string[] names, string help, int minimum, string fallback, int maximum = int.MaxValue)
    {
        string range = maximum == int.MaxValue ? $"at least {minimum}" : $"{minimum} to {maximum}";
        return Of<int?>(
            names,
            $"{help} ({range}; default {fallback})",
            "N",
            text =>
                int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int n) && n >= minimum && n <= maximum
                    ? n
                    : null,
            maximum == int.MaxValue ? $"a whole number of at least {minimum}" : $"a whole number from {minimum} to {maximum}"
        );
    }

    /// <summary>An option with any whole number of 64 bits: a seed.</summary>
    public static Option<long?> Seed(string[] names, string help, string fallback) =>
        Of<long?>(
            names,
            $"{help} (any whole number; default {fallback})",
            "N",
            text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long n) ? n : null,
            "a whole number"
        );

    /// <summary>An option with a number.</summary>
    public static Option<double?> Real(string[] names, string help, Range range, string fallback) =>
        Of<double?>(
            names,
            $"{help} ({range}; default {fallback})",
            "X",
            text => ParseReal(text) is { } x && range.Contains(x) ? x : null,
            $"a number {Between(range)}"
        );

    /// <summary>An option with one of some words.</summary>
    public static Option<string?> Choice(string[] names, string help, IReadOnlyList<string> words, string fallback)
    {
        string choices = string.Join('|', words);
        bool fits = choices.Length <= LongestChoices;
        var option = new Option<string?>(names[0], names[1..])
        {
            Description = fits ? $"{help} (default {fallback})" : $"{help}: {OneOf(words)} (default {fallback})",
            HelpName = fits ? choices : "NAME",
        };
        option.CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (words.Contains(text, StringComparer.Ordinal))
                return text;
            result.AddError($"{option.Name} expects {OneOf(words)}. Received: {text}{WrongCommandLine.DidYouMean(text, words)}");
            return null;
        };
        option.CompletionSources.Add([.. words]);
        return option;
    }

    /// <summary>An option with a file or folder, or any other text.</summary>
    public static Option<string?> Text(string[] names, string help, string value = "FILE") =>
        new(names[0], names[1..]) { Description = help, HelpName = value };

    /// <summary>An option that is there or not.</summary>
    public static Option<bool> Flag(string name, string help) => new(name) { Description = help, Arity = ArgumentArity.Zero };

    /// <summary>An option with any value that <paramref name="parse"/> reads; null is "wrong".</summary>
    public static Option<T?> Of<T>(string[] names, string help, string value, Func<string, T?> parse, string expected)
    {
        var option = new Option<T?>(names[0], names[1..]) { Description = help, HelpName = value };
        option.CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            var parsed = parse(text);
            if (parsed is null)
                result.AddError($"{option.Name} expects {expected}. Received: {text}");
            return parsed;
        };
        return option;
    }

    public static double? ParseReal(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double x) ? x : null;

    /// <summary>"of at least 0", "above 0", "from 0 to 1": what stands behind "a number".</summary>
    private static string Between(Range range)
    {
        string text = range.ToString();
        return char.IsDigit(text[0]) ? $"from {text}"
            : text.StartsWith("at least", StringComparison.Ordinal) ? $"of {text}"
            : text;
    }

    private static string OneOf(IReadOnlyList<string> words) =>
        words.Count == 1 ? words[0] : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";
}
