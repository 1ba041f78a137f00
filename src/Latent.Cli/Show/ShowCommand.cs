using System.CommandLine;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Parsing;
using Latent.Data;
using Latent.Images;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

namespace Latent.Cli.Show;

/// <summary>latent show: a data set before any training, or the pictures of a run drawn anew.</summary>
internal sealed class ShowCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "show";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Shows a data set (examples, sizes, labels), or draws the pictures and the report of a run again.";

    private readonly Argument<string> _what = new("DATA|RUN")
    {
        Description = $"{DataSource.Name}, else a run folder, else a folder with image or IDX files",
    };

    private readonly FigureChoices _figures = new();
    private readonly Option<string?> _out = Make.Text(
        ["--out", "-o"],
        "The picture of a data set's examples, .png or .svg (default NAME-examples.png in the current folder)"
    );
    private readonly Option<string?> _data = Make.Text(
        ["--data"],
        "Draw a run with another data set than the one it was trained on: a name, else a folder with image or IDX files",
        "DATA"
    );
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public ShowCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_what);
        Add("Pictures", _figures.All);
        Add("Output", _out, _data, _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent show mnist", "What is in the data set, and a picture of labelled examples."),
            new("latent show runs/mnist-z10", "The run's pictures and its report.html, drawn again."),
            new(
                "latent show runs/mnist-z2 --count 10000 --round --range 4 --steps 20 --format svg",
                "All test codes in the scatter, a finer grid, as SVG."
            ),
        ];

    /// <summary>What the files of a folder are shown as.</summary>
    private static readonly Shape s_shown = new(FolderReading.DefaultSide, FolderReading.DefaultSide, 3);

    protected override int Run(ParseResult parsed)
    {
        string what = parsed.GetRequiredValue(_what);
        bool isName = DataSource.IsName(what);
        bool isRun = !isName && (RunFolder.IsRun(what) || File.Exists(Path.Combine(what, ModelFile.FileName)));
        if (isRun && parsed.GetValue(_out) is not null)
            throw new CommandLineException("latent show", ["--out is for data sets: a run's pictures go into its own folder"]);
        string[] ofRuns = [.. _figures.ForRunsOnly(parsed), .. parsed.GetValue(_data) is null ? (string[])[] : [_data.Name]];
        if (isName && ofRuns.Length > 0)
            throw new CommandLineException("latent show", [$"{string.Join(", ", ofRuns)}: for runs, and '{what}' is a data set"]);
        var options = _figures.In(parsed);
        bool json = parsed.GetValue(_json);
        if (isRun)
            new RunPictures(what, parsed.GetValue(_data), options, Terminal).Show(json);
        else
            new DataSetView(Open(what), options, parsed.GetValue(_out), Terminal).Show(json);
        return ExitCode.Done;
    }

    private DataSet Open(string what)
    {
        if (DataSource.IsName(what) || Idx.IsFolder(what))
            return DataSource.Open(what, Terminal);
        if (ImageFolder.HasImages(what))
            return DataSource.Open(what, Terminal, new(s_shown));
        if (File.Exists(what))
            throw new LatentException(
                $"'{what}' is a file.",
                Expected,
                "a file",
                Path.GetFileName(what) == ModelFile.FileName
                    ? "give its run folder, or look at the file: latent summary FILE"
                    : "give the folder that it lies in"
            );
        string name = what.TrimEnd('/', Path.DirectorySeparatorChar);
        string? nearest = Suggestion.Nearest(
            name,
            [.. DataSets.Names, .. Runs(Path.GetDirectoryName(name) is { Length: > 0 } parent ? parent : "runs")]
        );
        throw new LatentException(
            Directory.Exists(what) ? $"The folder '{what}' is neither a data set nor a run." : $"There is no data set or run '{what}'.",
            Expected,
            Directory.Exists(what) ? "another folder" : null,
            nearest is null ? "check the path from the folder you are in" : $"did you mean '{nearest}'?"
        );
    }

    private static string Expected =>
        $"a data set's name ({string.Join(", ", DataSets.Names)}), a run folder, or a folder with image or IDX files";

    /// <summary>The runs that lie in a folder.</summary>
    private static IEnumerable<string> Runs(string folder)
    {
        try
        {
            return Directory.Exists(folder)
                ? [.. Directory.EnumerateDirectories(folder).Where(RunFolder.IsRun).Order(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // only a suggestion is lost
        }
    }
}
