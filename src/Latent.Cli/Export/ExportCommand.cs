using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Models;

namespace Latent.Cli.Export;

/// <summary>latent export: a model as files for other programs. Each kind of file is an option with its path; several may be given.</summary>
internal sealed class ExportCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "export";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Writes a model as files that work without Latent.";

    private const string Command = "latent export";

    private readonly ExportFormat[] _formats = [new HtmlExport(), new OnnxExport(), new KerasExport()];
    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public ExportCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_model);
        Add("What to write", [.. _formats.Select(format => format.Target)]);
        foreach (var format in _formats.Where(format => format.Options.Count > 0))
            Add(format.Title, format.Options);
        Add("Output", _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent export runs/mnist-z10 --html explorer.html", "The latent space to move through, as one page to keep or to send."),
            new("latent export runs/mnist-z10 --onnx onnx --layout nhwc", "For other programs, with images as their files have them."),
            new("latent export runs/mnist-z10 --keras model.keras", "For Python: keras.models.load_model(\"model.keras\")."),
            new("latent export model.safetensors --html explorer.html --data mnist", "A model file alone, with the images of a data set."),
        ];

    protected override int Run(ParseResult parsed)
    {
        var wanted = Wanted(parsed);
        string path = parsed.GetRequiredValue(_model);
        var request = new ExportRequest(Command, parsed, path, ModelArgument.Open(path), Terminal);
        var document = new JsonObject();
        bool json = parsed.GetValue(_json);
        foreach (var (format, target) in wanted)
        {
            var written = format.Write(request, target);
            document[format.Key] = written.Json;
            foreach (string line in json ? [] : written.Lines)
                Terminal.Output.Writer.WriteLine(line);
        }
        if (json)
            Json.Write(document, Terminal.Output.Writer);
        return ExitCode.Done;
    }

    /// <summary>The kinds of files that are asked for, each with its path.</summary>
    /// <exception cref="CommandLineException">There is none, a path is wrong, or an option belongs to a kind that is not asked for.</exception>
    private List<(ExportFormat Format, string Path)> Wanted(ParseResult parsed)
    {
        var wanted = new List<(ExportFormat, string)>();
        var problems = new List<string>();
        foreach (var format in _formats)
        {
            if (parsed.GetValue(format.Target) is { } path)
            {
                format.Check(Command, path);
                wanted.Add((format, path));
            }
            else
                problems.AddRange(
                    format
                        .Options.Where(option => parsed.GetResult(option) is { Implicit: false })
                        .Select(option => $"{option.Name} belongs to {format.Target.Name}, which is not given")
                );
        }
        if (wanted.Count == 0)
            problems = [$"say what to write: {string.Join(", ", _formats.Select(f => $"{f.Target.Name} {f.Target.HelpName}"))}"];
        return problems.Count == 0 ? wanted : throw new CommandLineException(Command, problems);
    }
}
