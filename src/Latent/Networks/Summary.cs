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
        var tables = new List<List<string[]>>();
        int layer = 0;
        foreach (var network in networks)
        {
            var rows = new List<string[]> { new[] { "input", $"{network.Input}", "" } };
            foreach (var (description, shape) in network.Layers.Zip(network.Shapes))
            {
                int count = layout.Parameters.Where(p => p.Layer == layer).Sum(p => p.Count);
                string name = layout.LayerNames[layer++][(network.Name.Length + 1)..];
                rows.Add([$"{name} ({description.ClassName})", $"{shape}", $"{count:N0}"]);
            }
            tables.Add(rows);
        }

        // one width for all tables, so that they read as one
        var widths = new int[s_titles.Length];
        foreach (string[] row in tables.SelectMany(t => t).Append(s_titles))
            for (int i = 0; i < row.Length; i++)
                widths[i] = Math.Max(widths[i], row[i].Length);

        var text = new StringBuilder();
        int first = 0;
        for (int i = 0; i < networks.Length; i++)
        {
            if (i > 0)
                text.Append('\n');
            text.Append(networks[i].Name).Append('\n');
            Row(s_titles);
            text.Append('─', widths.Sum() + 2 * (widths.Length - 1)).Append('\n');
            tables[i].ForEach(Row);
            int last = first + networks[i].Layers.Length;
            int total = layout.Parameters.Where(p => p.Layer >= first && p.Layer < last).Sum(p => p.Count);
            text.Append('─', widths.Sum() + 2 * (widths.Length - 1)).Append('\n');
            Row([$"{networks[i].Name}: parameters", "", $"{total:N0}"]);
            first = last;
        }
        if (networks.Length > 1)
            Row(["total: parameters", "", $"{layout.Count:N0}"]);
        return text.ToString();

        void Row(string[] cells) =>
            text.Append($"{cells[0].PadRight(widths[0])}  {cells[1].PadRight(widths[1])}  {cells[2].PadLeft(widths[2])}".TrimEnd())
                .Append('\n');
    }
}
