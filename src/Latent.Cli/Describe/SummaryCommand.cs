using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Cli.Help;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Engine;
using Latent.Formats;
using Latent.Models;
using Latent.Networks;

namespace Latent.Cli.Describe;

/// <summary>latent summary: layers, shapes and parameters of a model or of a network that is only described.</summary>
internal sealed class SummaryCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "summary";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Prints a network's layers, output shapes and parameters.";

    private readonly Argument<string?> _model = new("MODEL")
    {
        Description = "A run folder or a model file, of Keras too; left out, the network that the options describe",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly NetworkOptions _network = new();

    private readonly Option<Shape?> _image = Make.Of<Shape?>(
        ["--image"],
        $"Height, width and channels of an image (default {Article.Mnist.Height}x{Article.Mnist.Width}x1)",
        "HxWxC",
        ParseShape,
        "height x width or height x width x channels, 28x28x1 for example"
    );

    private readonly Option<bool> _program = Make.Flag("--program", "How the engine runs the network instead: one line for each operation");
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public SummaryCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_model);
        Add("Network", [.. _network.All, _image]);
        Add("Output", _program, _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent summary", "The article's network with a code of 10 numbers."),
            new("latent summary --latent 2 --upsampling transposed --program", "How the engine runs one of its alternatives."),
            new("latent summary runs/mnist-z10 --json", "What a training trained, for a program to read."),
        ];

    protected override int Run(ParseResult parsed)
    {
        if (parsed.GetValue(_program) && parsed.GetValue(_json))
            throw new CommandLineException("latent summary", ["--program and --json exclude each other"]);
        var networks = Networks(parsed);
        if (parsed.GetValue(_program))
            Terminal.Output.Writer.WriteLine(ProgramSummary.Of(new ParameterLayout([.. networks])).TrimEnd());
        else if (parsed.GetValue(_json))
            Json.Write(Document(networks), Terminal.Output.Writer);
        else
            Terminal.Output.Writer.Write(Summary.Of(networks));
        return ExitCode.Done;
    }

    private Network[] Networks(ParseResult parsed)
    {
        var choice = _network.In(parsed);
        var image = parsed.GetValue(_image);
        if (parsed.GetValue(_model) is not { } path)
        {
            string[] problems = [.. choice.Problems()];
            return problems.Length > 0
                ? throw new CommandLineException("latent summary", problems)
                : [choice.Encoder(image), choice.Decoder(image)];
        }
        string[] given = [.. _network.Given(parsed), .. image is null ? (string[])[] : [_image.Name]];
        if (given.Length > 0)
            throw new CommandLineException(
                "latent summary",
                [$"MODEL and {string.Join(", ", given)} exclude each other: the model says its network"]
            );
        if (!KerasModel.IsKeras(path))
            return [.. Autoencoder.Open(path).Weights.Layout.Networks];
        var keras = KerasModel.Open(path);
        try
        {
            return [.. keras.ToAutoencoder().Weights.Layout.Networks];
        }
        catch (LatentException)
        {
            return [keras.Network]; // a lone encoder or decoder is described too
        }
    }

    private static JsonObject Document(Network[] described)
    {
        var layout = new ParameterLayout([.. described]);
        var networks = new JsonArray();
        int layer = 0;
        foreach (var network in layout.Networks)
        {
            var layers = new JsonArray();
            int total = 0;
            foreach (var (description, shape) in network.Layers.Zip(network.Shapes))
            {
                int count = layout.Parameters.Where(p => p.Layer == layer).Sum(p => p.Count);
                total += count;
                layers.Add(
                    new JsonObject
                    {
                        ["name"] = layout.LayerNames[layer++],
                        ["class"] = description.ClassName,
                        ["output"] = Json.Of(shape),
                        ["parameters"] = count,
                    }
                );
            }
            networks.Add(
                new JsonObject
                {
                    ["name"] = network.Name,
                    ["input"] = Json.Of(network.Input),
                    ["output"] = Json.Of(network.Output),
                    ["parameters"] = total,
                    ["layers"] = layers,
                }
            );
        }
        return new()
        {
            ["latent"] = described.Length > 1 ? described[0].Output.Size : null,
            ["image"] = Json.Of(described[0].Input),
            ["parameters"] = layout.Count,
            ["networks"] = networks,
        };
    }

    private static Shape? ParseShape(string text)
    {
        var sides = text.Split('x', '×');
        var numbers = sides.Select(side => int.TryParse(side, out int n) && n >= 1 ? n : 0).ToArray();
        return numbers.Length is 2 or 3 && numbers.All(n => n is > 0 and <= 1 << 15) && numbers.ElementAtOrDefault(2) <= 1 << 10
            ? new Shape(numbers[0], numbers[1], numbers.Length == 3 ? numbers[2] : 1)
            : null;
    }
}
