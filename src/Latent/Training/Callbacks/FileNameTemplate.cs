using System.Globalization;
using System.Text.RegularExpressions;

namespace Latent.Training;

/// <summary>File names with placeholders in Python's manner: {epoch:02d}, {val_loss:.4f}, {loss}; {{ and }} for the braces themselves.</summary>
internal static partial class FileNameTemplate
{
    /// <summary>What is wrong with a template, or null. Names are not checked: they are known at the end of an epoch.</summary>
    public static string? Problem(string template)
    {
        foreach (Match match in Placeholder().Matches(template))
            if (match.Groups["name"].Success && !Format().IsMatch(match.Groups["format"].Value))
                return $"'{match.Value}' is no placeholder: write {{epoch:02d}} or {{val_loss:.4f}}";
        string rest = Placeholder().Replace(template, "");
        return rest.Contains('{', StringComparison.Ordinal) || rest.Contains('}', StringComparison.Ordinal)
            ? "a brace is not closed or not opened; write {{ or }} for a brace itself"
            : null;
    }

    /// <summary>The name with its placeholders filled.</summary>
    /// <exception cref="LatentException">A name is not there, or a format does not fit its number.</exception>
    public static string Fill(string template, int epoch, IDictionary<string, double> logs) =>
        Placeholder()
            .Replace(
                template,
                match =>
                {
                    if (match.Value is "{{" or "}}")
                        return match.Value[..1];
                    string name = match.Groups["name"].Value,
                        format = match.Groups["format"].Value;
                    if (name == "epoch")
                        return Whole(epoch, format) ?? Real(epoch, format);
                    if (!logs.TryGetValue(name, out double value))
                        throw new LatentException(
                            $"The file name '{template}' asks for '{name}', which is not there.",
                            $"epoch, {string.Join(", ", logs.Keys)}",
                            $"'{name}'"
                        );
                    return (name == "batch" ? Whole((int)value, format) : null) ?? Real(value, format);
                }
            );

    private static string? Whole(int value, string format)
    {
        var match = WholeFormat().Match(format);
        if (!match.Success)
            return null;
        string digits = value.ToString(CultureInfo.InvariantCulture);
        int width = match.Groups["width"].Length == 0 ? 0 : int.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture);
        return digits.PadLeft(width, match.Groups["zero"].Length > 0 ? '0' : ' ');
    }

    private static string Real(double value, string format)
    {
        if (format.Length == 0)
            return value.ToString("R", CultureInfo.InvariantCulture);
        var match = RealFormat().Match(format);
        if (!match.Success)
            throw new LatentException(
                $"The format '{format}' does not fit the number {value} in a file name.",
                "{val_loss:.4f} or {val_loss:.2e}",
                $"':{format}'"
            );
        int precision =
            match.Groups["precision"].Length == 0 ? 6 : int.Parse(match.Groups["precision"].Value, CultureInfo.InvariantCulture);
        string text =
            match.Groups["kind"].Value == "e"
                ? value.ToString(precision == 0 ? "0e+00" : $"0.{new string('0', precision)}e+00", CultureInfo.InvariantCulture)
                : value.ToString($"F{precision}", CultureInfo.InvariantCulture);
        int width = match.Groups["width"].Length == 0 ? 0 : int.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture);
        return text.PadLeft(width, match.Groups["zero"].Length > 0 ? '0' : ' ');
    }

    [GeneratedRegex(
        @"\{\{|\}\}|\{(?<name>[A-Za-z_][A-Za-z_0-9]*)(:(?<format>[^{}]*))?\}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^(0?\d{0,3}d?|0?\d{0,3}(\.\d{1,2})?[fe])$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Format();

    [GeneratedRegex(@"^(?<zero>0?)(?<width>\d{0,3})d?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WholeFormat();

    [GeneratedRegex(
        @"^(?<zero>0?)(?<width>\d{0,3})(\.(?<precision>\d{1,2}))?(?<kind>[fe])$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex RealFormat();
}
