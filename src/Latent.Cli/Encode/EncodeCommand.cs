using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Cli.Codes;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Formats;
using Latent.Models;

namespace Latent.Cli.Encode;

/// <summary>latent encode: images to codes.</summary>
internal sealed class EncodeCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "encode";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Turns images into codes.";

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly ImageInputs _inputs = new("all");
    private readonly Option<string?> _out = Make.Text(
        ["--out", "-o"],
        "Where the codes go: .csv (index, file or label where there are such, z0, z1, …) or .npy (n, z) (default: CSV on standard output)"
    );
    private readonly Option<bool> _json = Make.Flag(
        "--json",
        "One JSON document on standard output; with the codes where there is no --out"
    );

    public EncodeCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_model);
        Arguments.Add(_inputs.Argument);
        Add("Images", _inputs.All);
        Add("Output", _out, _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent encode runs/mnist-z10 mnist --out codes.csv", "The codes of all test images, with their labels."),
            new("latent encode runs/mnist-z10 mnist --split train --out codes.npy", "The training images, for NumPy."),
            new("latent encode runs/mnist-z10 digit.png other.png", "Image files; CSV on standard output."),
        ];

    protected override int Run(ParseResult parsed)
    {
        string? path = parsed.GetValue(_out);
        Endings.Check("latent encode", "--out", path, ".csv", ".npy");
        var model = ModelArgument.Open(parsed.GetRequiredValue(_model));
        var inputs = _inputs.Read(parsed, model, Terminal);
        float[] codes = model.Encode(inputs.Images);
        if (Endings.Is(path, ".npy"))
            Npy.Write(path!, codes, inputs.Images.Count, model.LatentSize);
        else if (path is not null)
            AtomicFile.Write(
                path,
                stream =>
                {
                    using var writer = new StreamWriter(stream, leaveOpen: true);
                    CodeTable.Write(writer, inputs, codes, model.LatentSize);
                }
            );
        if (parsed.GetValue(_json))
            Json.Write(Document(inputs, codes, model.LatentSize, path), Terminal.Output.Writer);
        else if (path is null)
            CodeTable.Write(Terminal.Output.Writer, inputs, codes, model.LatentSize);
        else
            Terminal.Output.Writer.WriteLine($"{inputs.Images.Count:N0} codes of {model.LatentSize} in {Paths.Shown(path)}");
        return ExitCode.Done;
    }

    private static JsonObject Document(InputImages inputs, float[] codes, int latent, string? path)
    {
        var images = inputs.Images;
        var document = new JsonObject { ["count"] = images.Count, ["latent"] = latent };
        if (path is not null)
        {
            document["out"] = Path.GetFullPath(path);
            return document;
        }
        if (inputs.AreFiles)
            document["files"] = new JsonArray([.. inputs.Names.Select(name => JsonValue.Create(name))]);
        if (images.HasLabels)
            document["labels"] = new JsonArray([.. images.Labels.ToArray().Select(label => JsonValue.Create(images.LabelNames[label]))]);
        document["codes"] = new JsonArray([
            .. codes.Chunk(latent).Select(code => new JsonArray([.. code.Select(z => float.IsFinite(z) ? JsonValue.Create(z) : null)])),
        ]);
        return document;
    }
}
