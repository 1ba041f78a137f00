using System.CommandLine;
using Latent.Cli.Codes;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Models;

namespace Latent.Cli.Decode;

/// <summary>latent decode: codes to images.</summary>
internal sealed class DecodeCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "decode";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Turns codes into images.";

    private const string DefaultOut = "decoded.png";

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Argument<string[]> _codes = CodeInputs.Argument();
    private readonly Option<string?> _out = Make.Text(
        ["--out", "-o"],
        $"A .png file: the image, or a picture of all where there are several (.svg too); a folder: a PNG for each code; a .npy file: all numbers, (n, height, width, channels) (default {DefaultOut})",
        "FILE|FOLDER"
    );
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public DecodeCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_model);
        Arguments.Add(_codes);
        Add("Output", _out, _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent decode runs/mnist-z2 -1.5 2 --out point.png", "The image of one point of the plane."),
            new("latent decode runs/mnist-z10 codes.csv --out images/", "A PNG for each code of a file."),
            new("latent decode runs/mnist-z10 codes.npy --out images.npy", "From NumPy and back to it."),
        ];

    protected override int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_out) ?? DefaultOut;
        Endings.CheckOrFolder("latent decode", "--out", path, ".png", ".svg", ".npy");
        var model = ModelArgument.Open(parsed.GetRequiredValue(_model));
        float[] codes = CodeInputs.Read(parsed.GetRequiredValue(_codes), model.LatentSize);
        float[] pixels = model.Decode(codes);
        int count = codes.Length / model.LatentSize;
        var images = new ImagesOut(model.OutputShape, path);
        if (Endings.Is(path, ".svg") || (count > 1 && Endings.Is(path, ".png")))
            images.Sheet(pixels, count);
        else
            images.Write(pixels, [.. Enumerable.Range(0, count).Select(i => $"decoded-{i:D5}")]);
        if (parsed.GetValue(_json))
            Json.Write(
                new()
                {
                    ["count"] = count,
                    ["image"] = Json.Of(model.OutputShape),
                    ["out"] = Path.GetFullPath(path),
                },
                Terminal.Output.Writer
            );
        else
            Terminal.Output.Writer.WriteLine($"{count:N0} {(count == 1 ? "image" : "images")} in {Paths.Shown(path)}");
        return ExitCode.Done;
    }
}
