using System.Text;

namespace Latent.Networks;

/// <summary>Tables of what networks consist of.</summary>
public static class Summary
{
    private static readonly string[] s_titles = ["Layer (type)", "Output shape", "Parameters"];

    /// <summary>
    /// A table for each network (layer and class, output shape without the batch, parameters) with its total, and the total of all. The
    /// networks are one model: their layers are named as in its weight files. Plain text, lines end with \n.
    /// </summary>
    /// <param name="networks">Networks that run one after the other.</param>
    /// <exception cref="LatentException">The networks do not fit each other.</exception>
    public static string Of(params Network[] networks)
    {
        var layout = new ParameterLayout([.. networks]);
        var tables = new List<Table>();
        int first = 0;
        foreach (var network in networks)
        {
            tables.Add(new(network, layout, first));
            first += network.Layers.Length;
        }
        string[] total = ["total: parameters", "", $"{layout.Count:N0}"];

        // one width for all tables, so that they read as one
        var widths = new int[s_titles.Length];
        foreach (string[] row in tables.SelectMany(t => t.Rows.Append(t.Total)).Append(s_titles).Append(total))
            for (int i = 0; i < row.Length; i++)
                widths[i] = Math.Max(widths[i], row[i].Length);

        var text = new StringBuilder();
        foreach (var table in tables)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(table.Name).Append('\n');
            Row(s_titles);
            Rule();
            foreach (string[] row in table.Rows)
                Row(row);
            Rule();
            Row(table.Total);
        }
        if (networks.Length > 1)
            Row(total);
        return text.ToString();

        void Row(string[] cells) =>
            text.Append($"{cells[0].PadRight(widths[0])}  {cells[1].PadRight(widths[1])}  {cells[2].PadLeft(widths[2])}".TrimEnd())
                .Append('\n');

        void Rule() => text.Append('─', widths.Sum() + 2 * (widths.Length - 1)).Append('\n');
    }

    private sealed class Table
    {
        public Table(Network network, ParameterLayout layout, int first)
        {
            Name = network.Name;
            Rows.Add(["input", $"{network.Input}", ""]);
            int all = 0;
            for (int i = 0; i < network.Layers.Length; i++)
            {
                int count = layout.Parameters.Where(p => p.Layer == first + i).Sum(p => p.Count);
                string name = layout.LayerNames[first + i][(network.Name.Length + 1)..];
                Rows.Add([$"{name} ({network.Layers[i].ClassName})", $"{network.Shapes[i]}", $"{count:N0}"]);
                all += count;
            }
            Total = [$"{network.Name}: parameters", "", $"{all:N0}"];
        }

        public string Name { get; }

        public List<string[]> Rows { get; } = [];

        public string[] Total { get; }
    }
}
