using System.CommandLine;
using Latent.Analysis;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Images;
using Latent.Models;

namespace Latent.Cli.Compress;

/// <summary>latent decompress: the reconstructions of an archive.</summary>
internal sealed class DecompressCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "decompress";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Unpacks what 'latent compress' wrote: a PNG for each image, under its name.";

    private const int ImagesAtOnce = 256;

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Argument<string> _file = new("FILE") { Description = "What 'latent compress' wrote, with the same model" };
    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "The folder to write into; a file that is there under an image's name is replaced",
        HelpName = "FOLDER",
        Required = true,
    };
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public DecompressCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_model);
        Arguments.Add(_file);
        Add("Output", _out, _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent compress runs/mnist-z10 scans/ --out scans.codes", "The codes of a folder in one file."),
            new("latent decompress runs/mnist-z10 scans.codes --out again/", "Their reconstructions, in the same subfolders."),
        ];

    public override string Notes =>
        "scans/a.jpg becomes again/a.png. Where that name is another image's, it becomes again/a.jpg.png. The pixels are the same on any machine.";

    protected override int Run(ParseResult parsed)
    {
        string folder = parsed.GetRequiredValue(_out);
        if (File.Exists(folder))
            throw new LatentException($"'{folder}' is a file.", "a folder, which is made where there is none", "a file");
        var model = ModelArgument.Open(parsed.GetRequiredValue(_model));
        var names = new UnpackedNames();
        long count = CodeArchive.Read(
            parsed.GetRequiredValue(_file),
            model,
            (block, time) =>
            {
                // all names are looked at before anything is written
                if (time == 0)
                    names.Reserve(block.Names);
                else
                    Write(model, block, names, folder);
            },
            times: 2
        );
        if (parsed.GetValue(_json))
            Json.Write(new() { ["count"] = count, ["out"] = Path.GetFullPath(folder) }, Terminal.Output.Writer);
        else
            Terminal.Output.Writer.WriteLine($"{count:N0} {(count == 1 ? "image" : "images")} in {Paths.Shown(folder)}");
        return ExitCode.Done;
    }

    private static void Write(Autoencoder model, CodeBlock block, UnpackedNames names, string folder)
    {
        string[] files = [.. block.Names.Select(name => Path.Combine(folder, names.Next(name).Replace('/', Path.DirectorySeparatorChar)))];
        int size = model.ImageShape.Size;
        for (int start = 0; start < files.Length; start += ImagesAtOnce)
        {
            int count = Math.Min(ImagesAtOnce, files.Length - start);
            byte[] pixels = Pixels.ToBytes(model.Decode(block.Codes.AsSpan(start * model.LatentSize, count * model.LatentSize)));
            for (int i = 0; i < count; i++)
                ImageFiles.Save(files[start + i], pixels.AsSpan(i * size, size), model.ImageShape);
        }
    }
}
