using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Analysis;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Images;
using Latent.Models;

namespace Latent.Cli.Neighbours;

/// <summary>latent neighbours: the images whose codes are nearest to that of one.</summary>
internal sealed class NeighboursCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "neighbours";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Finds the images that are most like one, by their codes.";

    private const int DefaultCount = 10;

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Argument<string> _image = new("IMAGE") { Description = "The image file to find others for" };
    private readonly ImageInputs _inputs = new("all");
    private readonly Option<int?> _most = Make.Whole(["--most", "-k"], "How many to find", 1, $"{DefaultCount}", 1000);
    private readonly Option<string?> _out = Make.Text(["--out", "-o"], "A picture of what was found: .png or .svg (default: none)");
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public NeighboursCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_model);
        Arguments.Add(_image);
        Arguments.Add(_inputs.Argument);
        Add("Images", [_most, .. _inputs.All]);
        Add("Output", _out, _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent neighbours runs/photos-z32 cat.jpg ./photos", "The 10 images of a folder that are most like one."),
            new(
                "latent neighbours runs/mnist-z10 digit.png mnist --split train --out like.png",
                "Among MNIST's training images, as a picture."
            ),
        ];

    protected override int Run(ParseResult parsed)
    {
        string? path = parsed.GetValue(_out);
        Endings.Check("latent neighbours", "--out", path, ".png", ".svg");
        var model = ModelArgument.Open(parsed.GetRequiredValue(_model));
        string file = parsed.GetRequiredValue(_image);
        var image = ImageFiles.Load([file], model.ImageShape, _inputs.FitOf(parsed, model));
        float[] code = model.Encode(image);
        var found = Find(parsed, model, code, parsed.GetValue(_most) ?? DefaultCount);
        if (path is not null)
            Draw(image.Pixels, found, model, path);
        var writer = Terminal.Output.Writer;
        if (parsed.GetValue(_json))
            Json.Write(
                new JsonObject
                {
                    ["image"] = file,
                    ["neighbours"] = new JsonArray([
                        .. found.Select(one => new JsonObject
                        {
                            ["name"] = one.Name,
                            ["label"] = one.Label,
                            ["distance"] = Json.Number(one.Distance),
                        }),
                    ]),
                    ["out"] = path is null ? null : Path.GetFullPath(path),
                },
                writer
            );
        else
        {
            bool labels = found.Exists(one => one.Label is not null);
            writer.Write(
                TextTable.Of(
                    ["distance", .. labels ? ["label"] : Array.Empty<string>(), "image"],
                    found.Select(one =>
                        (string[])[Numbers.Loss(one.Distance), .. labels ? [one.Label ?? ""] : Array.Empty<string>(), one.Name]
                    )
                )
            );
            if (path is not null)
                writer.WriteLine($"written to {Paths.Shown(path)}");
        }
        return ExitCode.Done;
    }

    /// <summary>Goes through the images block by block and keeps the nearest. The image itself, where it is one of them, does not count.</summary>
    private List<Neighbour> Find(ParseResult parsed, Autoencoder model, float[] code, int most)
    {
        string self = Path.GetFullPath(parsed.GetRequiredValue(_image));
        string[] places = [.. parsed.GetRequiredValue(_inputs.Argument)];
        var nearest = new List<Neighbour>();
        Terminal.TakeSignals();
        foreach (var block in _inputs.Blocks(parsed, model, Terminal))
        {
            Terminal.Stop.ThrowIfCancellationRequested();
            var images = block.Images;
            foreach (var (i, distance) in new NearestCodes(model.Encode(images), model.LatentSize).Find(code, most + 1))
                if (!(block.AreFiles && IsSelf(block.Names[i])))
                    nearest.Add(
                        new(
                            block.Names[i],
                            images.HasLabels ? images.LabelNames[images.Labels[i]] : null,
                            distance,
                            images.Image(i).ToArray()
                        )
                    );
            nearest = [.. nearest.OrderBy(one => one.Distance).Take(most)];
        }
        return nearest;

        bool IsSelf(string name) =>
            Path.GetFullPath(name) == self || places.Any(place => Path.GetFullPath(Path.Combine(place, name)) == self);
    }

    private static void Draw(ReadOnlySpan<byte> image, List<Neighbour> found, Autoencoder model, string path)
    {
        float[] pixels = [.. image.ToArray().Concat(found.SelectMany(one => one.Pixels)).Select(pixel => pixel / 255f)];
        string[] columns =
        [
            "the image",
            .. found.Select(one => one.Label is null ? $"{one.Distance:F2}" : $"{one.Label} · {one.Distance:F2}"),
        ];
        Figures
            .ImageRows(
                "The nearest images by code",
                $"{found.Count} images with {(found.Exists(one => one.Label is not null) ? "their labels and " : "")}the distances of their codes, the nearest first",
                model.ImageShape,
                [new("", pixels)],
                columns
            )
            .Save(path);
    }

    private sealed record Neighbour(string Name, string? Label, double Distance, byte[] Pixels);
}
