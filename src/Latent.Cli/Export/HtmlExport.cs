using System.CommandLine;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Explorer;

namespace Latent.Cli.Export;

/// <summary>--html: a page for a browser.</summary>
internal sealed class HtmlExport : ExportFormat
{
    private static readonly ExplorerPageOptions s_default = new();

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
        "Other images than those that the run was trained on: a data set's name, else a folder with image or IDX files",
        "DATA"
    );

    public HtmlExport()
        : base(
            "--html",
            "A page for any browser: map of the codes, sliders and a pad to draw on, the networks in it; works without server and network",
            "FILE"
        ) { }

    public override string Title => "Page";

    public override IReadOnlyList<Option> Options => [_data, _count, _images, _title];

    public override void Check(string command, string path) => Endings.Check(command, Target.Name, path, ".html", ".htm");

    public override Exported Write(ExportRequest request, string path)
    {
        var parsed = request.Parsed;
        var images = DataSource
            .Of(request.Path, parsed.GetValue(_data), request.Terminal)
            .Test.Take(parsed.GetValue(_count) ?? s_default.Count);
        ExplorerPage.Save(
            path,
            request.Model,
            images,
            new()
            {
                Title = parsed.GetValue(_title),
                Count = images.Count,
                Images = _images.In(parsed) ?? s_default.Images,
            }
        );
        long bytes = new FileInfo(path).Length;
        return new(
            [$"{Paths.Shown(path)}: {bytes / 1e6:0.0} MB, to be opened in a browser"],
            new()
            {
                ["out"] = Path.GetFullPath(path),
                ["bytes"] = bytes,
                ["data"] = images.Name,
                ["count"] = images.Count,
            }
        );
    }
}
