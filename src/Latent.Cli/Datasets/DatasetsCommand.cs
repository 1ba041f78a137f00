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
    /// <summary>What is typed.</summary>
    public const string Word = "datasets";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Lists the data sets known by name: size, licence, and whether they are on this machine.";

    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public DatasetsCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
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
        List<Entry> entries = [.. DataSets.Known.Select(Look)];
        if (parsed.GetValue(_json))
            Json.Write(new() { ["datasets"] = new JsonArray([.. entries.Select(Document)]) }, Terminal.Output.Writer);
        else
            Write(entries);
        foreach (string problem in entries.Select(entry => entry.Problem).OfType<string>().Distinct(StringComparer.Ordinal))
            Terminal.Error.Writer.WriteLine($"warning: {problem.ReplaceLineEndings("\n  ")}");
        return ExitCode.Done;
    }

    /// <summary>A data set, the folder that has it, and why it cannot be used where something is in its place.</summary>
    private readonly record struct Entry(DataSetInfo Info, string? Folder, string? Problem);

    private static Entry Look(DataSetInfo info)
    {
        try
        {
            return new(info, DataSets.Find(info.Name), null);
        }
        catch (LatentException e)
        {
            return new(info, null, e.Message);
        }
    }

    private void Write(IEnumerable<Entry> entries)
    {
        var writer = Terminal.Output.Writer;
        writer.Write(
            TextTable.Of(
                ["name", "train", "test", "classes", "licence", "where"],
                entries.Select(entry =>
                    (string[])
                        [
                            entry.Info.Name,
                            $"{entry.Info.TrainImages:N0}",
                            $"{entry.Info.TestImages:N0}",
                            $"{entry.Info.LabelNames.Count}",
                            entry.Info.Licence,
                            Where(entry),
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

    private static string Where(Entry entry) =>
        entry.Problem is not null ? "not usable, see the warning"
        : entry.Folder is { } folder ? Paths.Shown(folder)
        : entry.Info.DownloadSize > 0 ? $"not here: {Numbers.Size(entry.Info.DownloadSize)} to download"
        : "not here";

    private static JsonObject Document(Entry entry) =>
        new()
        {
            ["name"] = entry.Info.Name,
            ["content"] = entry.Info.Content,
            ["image"] = Json.Of(entry.Info.Shape),
            ["train_images"] = entry.Info.TrainImages,
            ["test_images"] = entry.Info.TestImages,
            ["labels"] = new JsonArray([.. entry.Info.LabelNames.Select(name => JsonValue.Create(name))]),
            ["licence"] = entry.Info.Licence,
            ["credit"] = entry.Info.Credit,
            ["path"] = entry.Folder is { } folder ? Path.GetFullPath(folder) : null,
            ["problem"] = entry.Problem,
            ["download_bytes"] = entry.Info.DownloadSize,
        };
}
