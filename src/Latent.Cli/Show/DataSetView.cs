using System.Text.Json.Nodes;
using Latent.Cli.Output;
using Latent.Data;
using Latent.Images;

namespace Latent.Cli.Show;

/// <summary>A data set as it is: sizes, labels, examples.</summary>
internal sealed class DataSetView(DataSet data, FigureOptions options, string? path, Terminal terminal)
{
    public void Show(bool json)
    {
        string picture = path ?? $"{data.Name}-examples.{(options.Format == FigureFormat.Svg ? "svg" : "png")}";
        Figures.Examples(data.Train, options, "training").Save(picture);
        if (json)
            Json.Write(Document(picture), terminal.Output.Writer);
        else
            Write(picture);
    }

    private void Write(string picture)
    {
        var writer = terminal.Output.Writer;
        var shape = data.Train.Shape;
        writer.WriteLine($"{data.Name}: images of {shape.Height} × {shape.Width} pixels (height × width), {Colours(shape.Channels)}");
        writer.WriteLine();
        var splits = new[] { data.Train, data.Test };
        int[][] counts = [.. splits.Select(Counts)];
        var rows = new List<IReadOnlyList<string>>();
        if (splits.All(split => split.HasLabels))
            rows.AddRange(
                data.Train.LabelNames.Select((name, label) => (string[])[name, $"{counts[0][label]:N0}", $"{counts[1][label]:N0}"])
            );
        rows.Add(["all", $"{data.Train.Count:N0}", $"{data.Test.Count:N0}"]);
        writer.Write(TextTable.Of([rows.Count > 1 ? "label" : "", "train", "test"], rows));
        writer.WriteLine();
        writer.WriteLine($"examples  {Paths.Shown(picture)}");
    }

    private JsonObject Document(string picture) =>
        new()
        {
            ["name"] = data.Name,
            ["image"] = Json.Of(data.Train.Shape),
            ["checksum"] = data.Checksum,
            ["train"] = Split(data.Train),
            ["test"] = Split(data.Test),
            ["examples"] = Path.GetFullPath(picture),
        };

    private static JsonObject Split(ImageSet images)
    {
        var labels = new JsonObject();
        if (images.HasLabels)
        {
            int[] counts = Counts(images);
            for (int label = 0; label < images.LabelNames.Count; label++)
                labels[images.LabelNames[label]] = counts[label];
        }
        return new() { ["images"] = images.Count, ["labels"] = images.HasLabels ? labels : null };
    }

    /// <summary>How many images each label has.</summary>
    private static int[] Counts(ImageSet images)
    {
        var counts = new int[images.LabelNames.Count];
        foreach (byte label in images.Labels)
            counts[label]++;
        return counts;
    }

    private static string Colours(int channels) =>
        channels switch
        {
            1 => "grey",
            3 => "colour",
            _ => $"{channels} channels",
        };
}
