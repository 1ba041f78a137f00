using System.Globalization;
using System.Security;
using System.Text.RegularExpressions;

namespace Latent.Images;

/// <summary>Mends what Skia writes: lists of positions that end with a comma, one font and no other, no view box and no title.</summary>
internal static partial class SvgText
{
    public static string Mend(string svg, int width, int height, string title)
    {
        svg = ListEnd().Replace(svg, "${start}\"");
        svg = Family().Replace(svg, $"font-family=\"{Typefaces.Family}, Verdana, sans-serif\"");
        int start = svg.IndexOf("<svg", StringComparison.Ordinal);
        int end = svg.IndexOf('>', start);
        string box = string.Create(CultureInfo.InvariantCulture, $" viewBox=\"0 0 {width} {height}\" role=\"img\"");
        return svg.Insert(end + 1, $"\n<title>{SecurityElement.Escape(title)}</title>").Insert(end, box);
    }

    [GeneratedRegex("(?<start>\\s[xy]=\"[-+.,eE\\d ]*?)\\s*,\\s*\"", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex ListEnd();

    [GeneratedRegex("font-family=\"[^\"]*\"", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Family();
}
