using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Cli.Help;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Data;

namespace Latent.Cli.Datasets;

/// <summary>latent datasets: the data sets known by name, with their licences, and whether they are here.</summary>
internal sealed class DatasetsCommand : LatentCommand
{
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public DatasetsCommand(Terminal terminal)
        : base("datasets", "Lists the data sets known by name: size, licence, and whether they are on this machine.", terminal)
    {
        Subcommands.Add(new GetCommand(terminal));
        Add("Output", _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent datasets", "What there is, whose it is, and where it lies."),
            new("latent datasets get kmnist", "Download a data set now; 'latent train kmnist' would do so too."),
            new("latent datasets get kmnist --from Downloads", "Take its files from a folder."),
        ];

    public override string Notes =>
        "A data set is looked for in the folder of its name below $LATENT_DATA, in data beside the program, in the cache ($XDG_CACHE_HOME or ~/.cache)/latent, and where Debian's package dataset-fashion-mnist puts it. What is in none is downloaded into the cache when it is first used, from $LATENT_MIRROR/NAME/ where that is set, else from the public mirrors, and verified by SHA-256. MNIST comes with the program.";

    protected override int Run(ParseResult parsed)
    {
        if (parsed.GetValue(_json))
            Json.Write(new() { ["datasets"] = new JsonArray([.. DataSets.Known.Select(Document)]) }, Terminal.Output.Writer);
        else
            Write();
        return ExitCode.Done;
    }

    private void Write()
    {
        var writer = Terminal.Output.Writer;
        writer.Write(
            TextTable.Of(
                ["name", "train", "test", "classes", "licence", "where"],
                DataSets.Known.Select(info =>
                    (string[])
                        [
                            info.Name,
                            $"{info.TrainImages:N0}",
                            $"{info.TestImages:N0}",
                            $"{info.LabelNames.Count}",
                            info.Licence,
                            DataSets.Find(info.Name) is { } folder ? Paths.Shown(folder)
                            : info.DownloadSize > 0 ? $"not here: {Numbers.Size(info.DownloadSize)} to download"
                            : "not here",
                        ]
                )
            )
        );
        writer.WriteLine();
        foreach (var info in DataSets.Known)
        {
            writer.WriteLine($"{info.Name}: {info.Content}");
            foreach (string line in Wrapping.Wrap(info.Credit, Terminal.Width - 2))
                writer.WriteLine($"  {line}");
        }
    }

    private static JsonObject Document(DataSetInfo info) =>
        new()
        {
            ["name"] = info.Name,
            ["content"] = info.Content,
            ["image"] = Json.Of(info.Shape),
            ["train_images"] = info.TrainImages,
            ["test_images"] = info.TestImages,
            ["labels"] = new JsonArray([.. info.LabelNames.Select(name => JsonValue.Create(name))]),
            ["licence"] = info.Licence,
            ["credit"] = info.Credit,
            ["path"] = DataSets.Find(info.Name),
            ["download_bytes"] = info.DownloadSize,
        };
}
