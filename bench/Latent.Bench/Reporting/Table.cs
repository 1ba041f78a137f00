using System.Text;

namespace Latent.Bench.Reporting;

/// <summary>A table as Markdown whose columns also line up as plain text: words to the left, numbers to the right.</summary>
internal sealed class Table(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells)
    {
        if (cells.Length != headings.Length)
            throw new ArgumentException($"{headings.Length} cells are needed, not {cells.Length}.", nameof(cells));
        _rows.Add(cells);
    }

    public override string ToString()
    {
        int[] widths = [.. headings.Select((heading, i) => _rows.Select(row => row[i].Length).Append(heading.Length).Append(4).Max())];
        bool[] right = [.. headings.Select((_, i) => _rows.Count > 0 && i > 0 && _rows.TrueForAll(row => IsNumber(row[i])))];
        var text = new StringBuilder();
        Line(headings);
        Line([.. widths.Select((width, i) => right[i] ? new string('-', width - 1) + ":" : new string('-', width))]);
        foreach (string[] row in _rows)
            Line(row);
        return text.ToString();

        void Line(string[] cells) =>
            text.Append("| ")
                .AppendJoin(" | ", cells.Select((cell, i) => right[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i])))
                .Append(" |\n");
    }

    private static bool IsNumber(string cell) => cell == Numbers.None || cell.Length > 0 && (char.IsAsciiDigit(cell[0]) || cell[0] == '-');
}
