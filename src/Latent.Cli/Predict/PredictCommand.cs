using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Latent.Cli.Help;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Formats;
using Latent.Networks;

namespace Latent.Cli.Predict;

/// <summary>latent predict: numbers through a model or one of its parts, for other programs.</summary>
internal sealed class PredictCommand : LatentCommand
{
    /// <summary>What is typed.</summary>
    public const string Word = "predict";

    /// <summary>What it does, in one sentence.</summary>
    public const string Purpose = "Sends a batch of numbers through a model, its encoder or its decoder.";

    private static readonly string[] s_parts = ["autoencoder", "encoder", "decoder"];

    private readonly Argument<string> _model = ModelArgument.Create("MODEL");
    private readonly Option<string> _input = new("--input", "-i")
    {
        Description = "A .npy file of float32 in C order: images (n, height, width, channels), 0 to 1, or codes (n, z)",
        HelpName = "X.npy",
        Required = true,
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The .npy file to write, float32",
        HelpName = "Y.npy",
        Required = true,
    };
    private readonly Option<string?> _part = Make.Choice(["--part", "-p"], "What the numbers go through", s_parts, s_parts[0]);
    private readonly Option<bool> _json = Make.Flag("--json", "One JSON document on standard output");

    public PredictCommand(Terminal terminal)
        : base(Word, Purpose, terminal)
    {
        Arguments.Add(_model);
        Add("Numbers", _input, _output, _part);
        Add("Output", _json);
    }

    public override IReadOnlyList<Example> Examples =>
        [
            new("latent predict runs/mnist-z10 --input x.npy --output y.npy", "Reconstructions."),
            new("latent predict model.safetensors --input x.npy --output z.npy --part encoder", "Codes, by a model file alone."),
        ];

    public override string Notes =>
        "A model file is one of Keras (.keras, .h5), whole or a lone encoder or decoder, one that 'latent train' wrote, or bare weights of the article's network in safetensors, named as Keras names them (encoder/conv2d/kernel, ...).";

    protected override int Run(ParseResult parsed)
    {
        string part = parsed.GetValue(_part) ?? (KerasModel.IsKeras(parsed.GetRequiredValue(_model)) ? "model" : s_parts[0]);
        string output = parsed.GetRequiredValue(_output);
        Endings.Check("latent predict", "--output", output, ".npy");
        var (input, result, run) = Program(parsed.GetRequiredValue(_model), part);
        string path = parsed.GetRequiredValue(_input);
        var batch = Npy.Read(path, bytes: false);
        int count = Count(path, batch, input, part);
        if (batch.Data.Any(number => !float.IsFinite(number)))
            Terminal.Error.Writer.WriteLine(
                $"warning: '{path}' has numbers that are not finite (NaN or infinity), and so has what comes of them"
            );
        float[] numbers = run(batch.Data);
        int[] shape = [count, .. Sides(result)];
        Npy.Write(output, numbers, shape);
        if (parsed.GetValue(_json))
            Json.Write(
                new()
                {
                    ["part"] = part,
                    ["count"] = count,
                    ["input"] = new JsonArray([.. batch.Shape.Select(side => JsonValue.Create(side))]),
                    ["output"] = new JsonArray([.. shape.Select(side => JsonValue.Create(side))]),
                    ["out"] = Path.GetFullPath(output),
                },
                Terminal.Output.Writer
            );
        else
            Terminal.Output.Writer.WriteLine(
                $"({string.Join(", ", batch.Shape)}) through the {part}: ({string.Join(", ", shape)}) in {Paths.Shown(output)}"
            );
        return ExitCode.Done;
    }

    /// <summary>What the numbers go through. A file of Keras is taken as it is: only its parts need a code to split it at.</summary>
    private static (Shape Input, Shape Output, Func<float[], float[]> Run) Program(string path, string part)
    {
        if (part is not ("encoder" or "decoder") && KerasModel.IsKeras(path))
        {
            var keras = KerasModel.Open(path);
            return (keras.Network.Input, keras.Network.Output, numbers => keras.Predict(numbers));
        }
        var model = ModelArgument.Open(path);
        return part switch
        {
            "encoder" => (model.Encoder.Input, model.Encoder.Output, numbers => model.Encode(numbers)),
            "decoder" => (model.Decoder.Input, model.Decoder.Output, numbers => model.Decode(numbers)),
            _ => (model.Encoder.Input, model.Decoder.Output, numbers => model.Reconstruct(numbers)),
        };
    }

    /// <summary>How many inputs a batch has: (n, …shape), (n, size) or, for grey images, (n, height, width).</summary>
    private static int Count(string path, NpyArray batch, Shape shape, string part)
    {
        ImmutableArray<int> sides = [.. Sides(shape)];
        bool fits =
            batch.Shape.Length > 1
            && batch.Shape[0] > 0
            && (
                batch.Shape[1..].SequenceEqual(sides)
                || batch.Shape is [_, var size] && size == shape.Size
                || shape.Channels == 1 && batch.Shape is [_, var height, var width] && height == shape.Height && width == shape.Width
            );
        return fits
            ? batch.Shape[0]
            : throw new LatentException(
                $"The batch in '{path}' does not fit the {part}.",
                $"the shape (n, {string.Join(", ", sides)}) with n at least 1",
                $"({string.Join(", ", batch.Shape)})"
            );
    }

    private static IEnumerable<int> Sides(Shape shape) => shape.IsVector ? [shape.Size] : [shape.Height, shape.Width, shape.Channels];
}
