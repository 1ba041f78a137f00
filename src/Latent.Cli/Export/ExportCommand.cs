using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Data;
using Latent.Explorer;
using Latent.Models;

namespace Latent.Cli.Export;

/// <summary>latent export: a model as files for other programs. Each kind of file is an option with its path.</summary>
internal sealed class ExportCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "export";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Writes a model as a file that works without Latent.";

    private const string Path = "latent export";
    private static readonly ExplorerPageOptions s_default = new();

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<string?> _html = Make.Text(
        ["--html"],
        "A page for any browser: map of the codes, sliders and a pad to draw on, the networks in it; works without server and network"
    );
    private readonly Option<int?> _count = Make.Whole(["--count", "-n"], "Only so many test images, the first", 1, $"{s_default.Count:N0}");
    private readonly Toggle _images = new(
        "images",
        "The test images themselves are in the page, and not only their codes",
        "yes, up to 16 MB"
    );
    private readonly Option<string?> _title = Make.Text(
        ["--title"],
        "The page's headline (default the data's name and the latent size)",
        "TEXT"
    );
    private readonly Option<string?> _data = Make.Text(
        ["--data"],
        "Other images than those that the run was trained on: a data set's name, else a folder with IDX files",
        "DATA"
    );
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public ExportCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_model);
        Add("What to write", _html);
        Add("Page", _data, _count, _images, _title);
        Add("Output", _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent export runs/mnist-z10 --html explorer.html", "The latent space to move through, as one page to keep or to send."),
            new("latent export runs/mnist-z2 --html small.html --no-images -n 2000", "A smaller one."),
            new("latent export model.safetensors --html explorer.html --data mnist", "A model file alone, with the images of a data set."),
        ];

    protected override int Run(ParseResult parsed)
    {
        string html = parsed.GetValue(_html) ?? throw new CommandLineException(Path, [$"say what to write: {_html.Name} {_html.HelpName}"]);
        Endings.Check(Path, _html.Name, html, ".html", ".htm");
        string path = parsed.GetRequiredValue(_model);
        var model = Autoencoder.Open(path);
        var images = DataSource.Of(path, parsed.GetValue(_data), Terminal).Test.Take(parsed.GetValue(_count) ?? s_default.Count);
        ExplorerPage.Save(
            html,
            model,
            images,
            new()
            {
                Title = parsed.GetValue(_title),
                Count = images.Count,
                Images = _images.In(parsed) ?? s_default.Images,
            }
        );
        Tell(html, images, parsed.GetValue(_json));
        return ExitCode.Done;
    }

    private void Tell(string path, ImageSet images, bool json)
    {
        long bytes = new FileInfo(path).Length;
        var writer = Terminal.Output.Writer;
        if (json)
            Json.Write(
                new()
                {
                    ["data"] = images.Name,
                    ["count"] = images.Count,
                    ["html"] = new JsonObject { ["out"] = System.IO.Path.GetFullPath(path), ["bytes"] = bytes },
                },
                writer
            );
        else
            writer.WriteLine($"{Paths.Shown(path)}: {bytes / 1e6:0.0} MB, to be opened in a browser");
    }
}
