using System.Text;

namespace Latent.Cli.Output;

/// <summary>A table of plain text: columns two spaces apart, words to the left, numbers to the right.</summary>
internal static class TextTable
{
    public static string Of(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = rows.ToList();
        var widths = header.Select((title, i) => all.Select(row => row[i].Length).Append(title.Length).Max()).ToArray();
        var right = header.Select((_, i) => all.Count > 0 && all.All(row => IsNumber(row[i]))).ToArray();
        var text = new StringBuilder();
        foreach (var row in all.Prepend(header))
        {
            var cells = row.Select((cell, i) => right[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            text.AppendLine(string.Join("  ", cells).TrimEnd());
        }
        return text.ToString();
    }

    private static bool IsNumber(string text) => text.Length > 0 && text.All(c => char.IsDigit(c) || c is '.' or ',' or '-' or '%' or ' ');
}
