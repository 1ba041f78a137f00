using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Data;

namespace Latent.Cli.Datasets;

/// <summary>latent datasets get: puts a data set on this machine before it is needed.</summary>
internal sealed class GetCommand : LatentCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "A data set's name; 'latent datasets' lists them" };
    private readonly Option<string?> _from = Make.Text(
        ["--from"],
        "Take the four IDX files from this folder, plain or gzip, in place of downloading them",
        "FOLDER"
    );
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output; progress goes to standard error");

    public GetCommand(Terminal terminal)
        : base("get", "Downloads a data set into the cache, or copies it there from a folder.", terminal)
    {
        _name.CompletionSources.Add([.. DataSets.Names]);
        Arguments.Add(_name);
        Add("Source", _from);
        Add("Output", _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent datasets get fashion-mnist", "Download it, or say where it is already."),
            new("latent datasets get emnist-letters --from gzip", "Copy it from the unpacked archive of its authors."),
        ];

    public override string Notes =>
        "Ctrl-C ends the download with exit code 130; what has come is kept, and the same command goes on from there. Files from a folder of your own may be packed anew or hold fewer images; they are checked to be IDX files with the data set's shape and classes.";

    protected override int Run(ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(_name);
        if (parsed.GetValue(_from) is { } from)
        {
            var import = DataSets.Import(name, from);
            return Tell(parsed, import.Data, import.Folder, import.IsPublished);
        }
        _ = DataSets.Find(name); // a name that is none is said, and a path of a folder is none
        var data = DataSource.Open(name, Terminal);
        return Tell(parsed, data, DataSets.Find(name)!, published: null);
    }

    private int Tell(ParseResult parsed, DataSet data, string folder, bool? published)
    {
        if (parsed.GetValue(_json))
        {
            var document = new JsonObject
            {
                ["name"] = data.Name,
                ["path"] = Path.GetFullPath(folder),
                ["train_images"] = data.Train.Count,
                ["test_images"] = data.Test.Count,
                ["checksum"] = data.Checksum,
            };
            if (published is { } known)
                document["published_files"] = known;
            Json.Write(document, Terminal.Output.Writer);
            return ExitCode.Done;
        }
        Terminal.Output.Writer.WriteLine(
            $"{data.Name}: {data.Train.Count:N0} training and {data.Test.Count:N0} test images in {Paths.Shown(folder)}"
        );
        if (published is { } yes)
            Terminal.Output.Writer.WriteLine(
                yes ? "the published files, by SHA-256" : "not byte for byte the published files; images and labels are of the right kind"
            );
        return ExitCode.Done;
    }
}
