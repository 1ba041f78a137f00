using System.CommandLine;
using System.Globalization;
using Latent.Analysis;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;

namespace Latent.Cli.Compress;

/// <summary>latent compress: the codes of images in one file.</summary>
internal sealed class CompressCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "compress";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Puts the codes of a folder of images into one small file, for the same model to unpack.";

    private const int DefaultBits = 8;

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly ImageInputs _inputs = new("all");
    private readonly Option<int?> _bits = Make.Of<int?>(
        ["--bits"],
        $"Bits for each number of a code: 8 or 4, which are entropy coded, or 32, the floats themselves (default {DefaultBits})",
        "8|4|32",
        text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) && CodePacking.Bits.Contains(bits)
                ? bits
                : null,
        "8, 4 or 32"
    );
    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "The file to write",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public CompressCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_model);
        Arguments.Add(_inputs.Argument);
        Add("Images", _inputs.All);
        Add("Output", _out, _bits, _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent compress runs/mnist-z10 scans/ --out scans.codes", "A folder with all its subfolders, eight bits a number."),
            new("latent compress runs/mnist-z10 mnist --bits 4 --out mnist.codes", "All test images, smaller and less exact."),
            new("latent decompress runs/mnist-z10 scans.codes --out again/", "The reconstructions, as PNG under the same names."),
        ];

    public override string Notes =>
        "What comes back is the model's reconstruction, not the image itself. Keep the run: without its model the file is of no use.";

    protected override int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_out);
        var model = ModelArgument.Open(parsed.GetRequiredValue(_model));
        var originals = new OriginalFiles(parsed.GetRequiredValue(_inputs.Argument));
        Compression? done = null;
        AtomicFile.Write(
            path,
            stream =>
            {
                var compression = new Compression(stream, model, parsed.GetValue(_bits) ?? DefaultBits);
                foreach (var part in _inputs.Blocks(parsed, model, Terminal))
                    compression.Add(part, part.AreFiles ? originals.Bytes(part.Names) : part.Images.Pixels.Length);
                compression.Finish();
                done = compression;
            }
        );
        if (parsed.GetValue(_json))
            Json.Write(done!.ToJson(path), Terminal.Output.Writer);
        else
            done!.WriteText(path, Terminal.Output.Writer);
        return ExitCode.Done;
    }
}
