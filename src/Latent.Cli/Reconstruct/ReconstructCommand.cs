using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Models;

namespace Latent.Cli.Reconstruct;

/// <summary>latent reconstruct: images through the code and back.</summary>
internal sealed class ReconstructCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "reconstruct";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Sends images through the code and back, and measures what is lost.";

    private const string DefaultOut = "reconstructions.png";
    private const int Listed = 20;

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly ImageInputs _inputs = new("all; a picture shows the first 10 of a data set");
    private readonly Option<string?> _out = Make.Text(
        ["--out", "-o"],
        $"A .png or .svg file: originals over reconstructions (of a single image file: its reconstruction alone, as .png); a folder: a PNG for each image; a .npy file: all numbers, (n, height, width, channels) (default {DefaultOut})",
        "FILE|FOLDER"
    );
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public ReconstructCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_model);
        Arguments.Add(_inputs.Argument);
        Add("Images", _inputs.All);
        Add("Output", _out, _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent reconstruct runs/mnist-z10 mnist", $"The first 10 test images over their reconstructions, into {DefaultOut}."),
            new("latent reconstruct runs/mnist-z10 digit.png --out again.png", "One image file to another."),
            new("latent reconstruct runs/mnist-z10 scans/ --out again/", "All image files of a folder."),
        ];

    protected override int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_out) ?? DefaultOut;
        Endings.CheckOrFolder("latent reconstruct", "--out", path, ".png", ".svg", ".npy");
        bool picture = Endings.Is(path, ".png") || Endings.Is(path, ".svg");
        var model = ModelArgument.Open(parsed.GetRequiredValue(_model));
        model.RequireImages();
        var inputs = _inputs.Read(parsed, model, Terminal);
        float[] outputs = model.Reconstruct(inputs.Images);
        int drawn = picture
            ? Math.Min(_inputs.Count(parsed) ?? (inputs.AreFiles ? inputs.Images.Count : 10), inputs.Images.Count)
            : inputs.Images.Count;
        var images = new ImagesOut(model.ImageShape, path);
        if (picture && !(inputs.AreFiles && inputs.Images.Count == 1 && Endings.Is(path, ".png")))
            ImagesOut.Pairs(inputs.Images.Take(drawn), outputs, path);
        else
            images.Write(outputs, inputs.Places);

        double[] all = model.Losses(inputs.Images);
        double loss = all.Average();
        double[] losses = all.Length is > 1 and <= Listed ? all : [];
        if (parsed.GetValue(_json))
            Json.Write(Document(inputs, loss, losses, path), Terminal.Output.Writer);
        else
            Write(inputs, loss, losses, path);
        return ExitCode.Done;
    }

    private void Write(InputImages inputs, double loss, double[] losses, string path)
    {
        var writer = Terminal.Output.Writer;
        if (losses.Length > 0)
            writer.Write(TextTable.Of(["image", "mse"], inputs.Names.Zip(losses, (name, mse) => (string[])[name, Numbers.Loss(mse)])));
        writer.WriteLine(
            $"mean squared error {Numbers.Loss(loss)} over {inputs.Images.Count:N0} {(inputs.Images.Count == 1 ? "image" : "images")}"
        );
        writer.WriteLine($"written to {Paths.Shown(path)}");
    }

    private static JsonObject Document(InputImages inputs, double loss, double[] losses, string path) =>
        new()
        {
            ["count"] = inputs.Images.Count,
            ["mse"] = Json.Number(loss),
            ["images"] =
                losses.Length == 0
                    ? null
                    : new JsonArray([
                        .. inputs.Names.Zip(losses, (name, mse) => new JsonObject { ["name"] = name, ["mse"] = Json.Number(mse) }),
                    ]),
            ["out"] = Path.GetFullPath(path),
        };
}
