using System.Globalization;
using System.Text;

namespace Latent.Training;

/// <summary>
/// The history as CSV: epoch (from 1), loss, val_loss (empty where there is none), learning_rate, further metrics in alphabetical order,
/// seconds. Numbers are written with all their digits.
/// </summary>
internal static class HistoryFile
{
    private static readonly string[] s_first = ["epoch", "loss", "val_loss", "learning_rate"];
    private const string Last = "seconds";

    public static string Write(IReadOnlyList<EpochResult> history)
    {
        string[] metrics =
        [
            .. history
                .SelectMany(e => e.Metrics.Keys)
                .Distinct(StringComparer.Ordinal)
                .Except([.. s_first, Last], StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        var text = new StringBuilder();
        Line([.. s_first, .. metrics.Select(Quoted), Last]);
        foreach (var epoch in history)
            Line([
                epoch.Epoch.ToString(CultureInfo.InvariantCulture),
                Number(epoch.Loss),
                Number(epoch.ValLoss),
                Number(epoch.LearningRate),
                .. metrics.Select(name => Number(epoch.Metrics.TryGetValue(name, out double value) ? value : null)),
                epoch.Seconds.ToString("0.000", CultureInfo.InvariantCulture),
            ]);
        return text.ToString();

        void Line(string[] cells) => text.AppendJoin(',', cells).Append('\n');
    }

    /// <exception cref="LatentException">A line is not as it should be.</exception>
    public static List<EpochResult> Read(string file, string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        string[] names = Cells(lines[0]);
        if (names.Length <= s_first.Length || !names.AsSpan(0, s_first.Length).SequenceEqual(s_first) || names[^1] != Last)
            throw Wrong(file, 1, $"{string.Join(',', s_first)},…,{Last}", lines[0]);
        var history = new List<EpochResult>();
        for (int i = 1; i < lines.Length; i++)
        {
            string[] cells = lines[i].Split(',');
            if (cells.Length != names.Length)
                throw Wrong(file, i + 1, $"{names.Length} values", lines[i]);
            var values = new double?[cells.Length];
            for (int c = 0; c < cells.Length; c++)
                values[c] =
                    cells[c].Length == 0 ? null
                    : double.TryParse(cells[c], CultureInfo.InvariantCulture, out double number) ? number
                    : throw Wrong(file, i + 1, $"a number as {names[c]}", cells[c]);
            var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
            for (int c = s_first.Length; c < cells.Length - 1; c++)
                if (values[c] is double metric)
                    metrics[names[c]] = metric;
            if (values[0] is not double epoch || epoch != history.Count + 1)
                throw Wrong(file, i + 1, $"the epoch {history.Count + 1}", cells[0]);
            history.Add(new((int)epoch, values[1] ?? double.NaN, values[2], values[3] ?? double.NaN, values[^1] ?? 0, metrics));
        }
        return history;
    }

    /// <summary>As RFC 4180 has it; line breaks become blanks, for a line is an epoch.</summary>
    private static string Quoted(string name)
    {
        name = name.ReplaceLineEndings(" ");
        return name.Contains(',', StringComparison.Ordinal) || name.Contains('"', StringComparison.Ordinal)
            ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : name;
    }

    private static string[] Cells(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        bool quoted = false;
        foreach (char c in line)
            if (c == '"')
            {
                if (!quoted && cell.Length > 0)
                    cell.Append('"'); // the second of two
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
                cell.Append(c);
        return [.. cells, cell.ToString()];
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static LatentException Wrong(string file, int line, string expected, string received) =>
        new($"Line {line} of '{file}' cannot be read.", expected, $"'{received}'");
}
