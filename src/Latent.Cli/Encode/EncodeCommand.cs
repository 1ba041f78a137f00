using System.CommandLine;
using Latent.Cli.Codes;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
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
        "Where the codes go: .csv or .parquet (index, file and label where there are such, z0, z1, …), or .npy (n, z) (default: CSV on standard output)"
    );
    private readonly Option<string?> _projector = Make.Text(
        ["--projector"],
        $"A folder for TensorFlow's Embedding Projector: vectors, metadata and a sprite of the first {Projector.Most:N0} images",
        "FOLDER"
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
        Add("Output", _out, _projector, _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent encode runs/mnist-z10 mnist --out codes.csv", "The codes of all test images, with their labels."),
            new("latent encode runs/mnist-z10 mnist --split train --out codes.npy", "The training images, for NumPy."),
            new("latent encode runs/photos-z32 ./photos --out codes.parquet", "A folder of any size, with the files' names and labels."),
            new("latent encode runs/mnist-z10 digit.png other.png", "Image files; CSV on standard output."),
        ];

    protected override int Run(ParseResult parsed)
    {
        string? path = parsed.GetValue(_out),
            projector = parsed.GetValue(_projector);
        bool json = parsed.GetValue(_json);
        Endings.Check("latent encode", "--out", path, ".csv", ".npy", ".parquet");
        if (projector is not null && File.Exists(projector))
            throw new LatentException($"'{projector}' is a file.", "a folder, or the path of a new one", "a file");
        var model = ModelArgument.Open(parsed.GetRequiredValue(_model));
        int latent = model.LatentSize;
        var document = new CodeDocument(latent);
        List<ICodeWriter> others = [];
        if (projector is not null)
            others.Add(new Projector(projector, model.ImageShape));
        if (json && path is null && projector is null)
            others.Add(document);
        int count = 0;
        Terminal.TakeSignals();
        if (path is not null)
            AtomicFile.Write(
                path,
                stream =>
                {
                    using var text = Endings.Is(path, ".csv") ? new StreamWriter(stream, leaveOpen: true) : null;
                    count = Encode(
                        parsed,
                        model,
                        [
                            text is not null ? new CsvCodes(text, latent)
                            : Endings.Is(path, ".npy") ? new NpyCodes(stream, latent)
                            : new ParquetCodes(stream, latent),
                            .. others,
                        ]
                    );
                }
            );
        else if (!json && projector is null)
            count = Encode(parsed, model, [new CsvCodes(Terminal.Output.Writer, latent), .. others]);
        else
            count = Encode(parsed, model, others);

        if (json)
            Json.Write(document.Of(count, path, projector), Terminal.Output.Writer);
        else
        {
            if (path is not null)
                Terminal.Output.Writer.WriteLine($"{count:N0} codes of {latent} in {Paths.Shown(path)}");
            if (projector is not null)
                Terminal.Output.Writer.WriteLine(
                    $"{(count > Projector.Most ? $"the first {Projector.Most:N0} of {count:N0}" : $"{count:N0}")} codes for the projector in {Paths.Shown(projector)}"
                );
        }
        return ExitCode.Done;
    }

    /// <summary>Encodes block by block, so that a folder of any size fits; gives how many images there were.</summary>
    private int Encode(ParseResult parsed, Autoencoder model, IReadOnlyList<ICodeWriter> writers)
    {
        int count = 0;
        foreach (var block in _inputs.Blocks(parsed, model, Terminal))
        {
            Terminal.Stop.ThrowIfCancellationRequested();
            float[] codes = model.Encode(block.Images);
            foreach (var writer in writers)
                writer.Write(block, codes);
            count += block.Images.Count;
        }
        foreach (var writer in writers)
            writer.End();
        return count;
    }
}
