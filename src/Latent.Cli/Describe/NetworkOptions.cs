using System.CommandLine;
using Latent.Cli.Parsing;
using Latent.Models;
using Latent.Networks;

namespace Latent.Cli.Describe;

/// <summary>The options that say which network: the article's, or one of its alternatives.</summary>
internal sealed class NetworkOptions
{
    public const int DefaultLatent = 10;

    private static readonly string[] s_kinds = ["article", "convolutional"];
    private static readonly string[] s_downsampling = ["strides", "max-pooling"];
    private static readonly string[] s_upsampling = ["upsampling", "transposed"];
    private static readonly string[] s_activations = ["linear", "relu"];

    private readonly Option<string?> _kind = Make.Choice(
        ["--network"],
        "The article's, whose code is a few numbers; or one of convolutions alone for denoising, as in Keras's example: its code is as many maps as --filters, of a quarter of the image's sides",
        s_kinds,
        s_kinds[0]
    );
    private readonly Option<int?> _filters = Make.Whole(
        ["--filters"],
        "Filters of each convolution of --network convolutional",
        1,
        $"{Convolutional.Filters}",
        1024
    );
    private readonly Option<int?> _latent = Make.Whole(["--latent", "-z"], "How many numbers a code has", 1, $"{DefaultLatent}");

    private readonly Option<string?> _downsampling = Make.Choice(
        ["--downsampling"],
        "How the encoder makes images smaller: strides of 2, or max pooling",
        s_downsampling,
        s_downsampling[0]
    );

    private readonly Option<string?> _upsampling = Make.Choice(
        ["--upsampling"],
        "How the decoder makes them larger: repeated pixels, or transposed convolutions",
        s_upsampling,
        s_upsampling[0]
    );

    private readonly Option<string?> _codeActivation = Make.Choice(
        ["--code-activation"],
        "The activation of the code: none, or ReLU as in the article's prose",
        s_activations,
        s_activations[0]
    );

    private readonly Option<double?> _codeL1 = Penalty(
        "--code-l1",
        "L1 penalty on each image's code, part of the loss: makes codes sparse"
    );
    private readonly Option<double?> _codeL2 = Penalty("--code-l2", "L2 penalty on each image's code: keeps codes small");
    private readonly Option<double?> _weightL1 = Penalty("--weight-l1", "L1 penalty on all kernels");
    private readonly Option<double?> _weightL2 = Penalty("--weight-l2", "L2 penalty on all kernels");

    public IReadOnlyList<Option> All =>
        [_kind, _filters, _latent, _downsampling, _upsampling, _codeActivation, _codeL1, _codeL2, _weightL1, _weightL2];

    /// <summary>What was asked for.</summary>
    public NetworkChoice In(ParseResult parsed) =>
        new(
            parsed.GetValue(_kind) is { } kind ? kind == s_kinds[1] : null,
            parsed.GetValue(_filters),
            parsed.GetValue(_latent),
            parsed.GetValue(_downsampling) is { } down
                ? down == s_downsampling[1]
                    ? Downsampling.MaxPooling
                    : Downsampling.Strides
                : null,
            parsed.GetValue(_upsampling) is { } up
                ? up == s_upsampling[1]
                    ? Upsampling.TransposedConvolution
                    : Upsampling.UpSampling
                : null,
            parsed.GetValue(_codeActivation) is { } activation
                ? activation == s_activations[1]
                    ? Activation.Relu
                    : Activation.Linear
                : null,
            Penalty(parsed, _codeL1, _codeL2),
            Penalty(parsed, _weightL1, _weightL2)
        );

    /// <summary>The options that were given, by name.</summary>
    public IEnumerable<string> Given(ParseResult parsed) => All.Where(o => parsed.GetResult(o) is { Implicit: false }).Select(o => o.Name);

    private static Option<double?> Penalty(string name, string description) => Make.Real([name], description, new(0), "0");

    private static Regularizer? Penalty(ParseResult parsed, Option<double?> l1, Option<double?> l2) =>
        new Regularizer((float)(parsed.GetValue(l1) ?? 0), (float)(parsed.GetValue(l2) ?? 0)) is var penalty && penalty != new Regularizer()
            ? penalty
            : null;
}

/// <summary>The network that was asked for; null where nothing was said.</summary>
internal sealed record NetworkChoice(
    bool? IsConvolutional,
    int? Filters,
    int? Latent,
    Downsampling? Downsampling,
    Upsampling? Upsampling,
    Activation? CodeActivation,
    Regularizer? OfCode,
    Regularizer? OfWeights
)
{
    public int LatentOrDefault => Latent ?? NetworkOptions.DefaultLatent;

    /// <summary>Which options do not go together, a line each.</summary>
    public IEnumerable<string> Problems()
    {
        if (IsConvolutional == true)
        {
            if (Latent is not null)
                yield return "--latent and --network convolutional exclude each other: its code is maps, see --filters";
            if (Downsampling is not null || Upsampling is not null || CodeActivation is not null)
                yield return "--downsampling, --upsampling and --code-activation are for the article's network, not for --network convolutional";
        }
        else if (Filters is not null)
            yield return "--filters needs --network convolutional";
    }

    public Network Encoder(Shape? image) =>
        IsConvolutional == true
            ? Penalized(Convolutional.Encoder(image, Filters ?? Convolutional.Filters), OfCode)
            : Penalized(
                Article.Encoder(
                    LatentOrDefault,
                    image,
                    Downsampling ?? Networks.Downsampling.Strides,
                    CodeActivation,
                    Article.Halvings(image ?? Article.Mnist)
                ),
                OfCode
            );

    public Network Decoder(Shape? image) =>
        IsConvolutional == true
            ? Penalized(Convolutional.Decoder(image, Filters ?? Convolutional.Filters), null)
            : Penalized(
                Article.Decoder(
                    LatentOrDefault,
                    image,
                    Upsampling ?? Networks.Upsampling.UpSampling,
                    Article.Halvings(image ?? Article.Mnist)
                ),
                null
            );

    /// <summary>Throws where a model that exists is not what was asked for.</summary>
    /// <exception cref="LatentException">It is another network.</exception>
    public void RequireOf(Autoencoder model, string file)
    {
        var asked = this with { Latent = Latent ?? model.LatentSize };
        if (Latent is { } latent && latent != model.LatentSize)
            throw new LatentException(
                $"The weights in '{file}' are of another latent size.",
                $"{latent}, as --latent says",
                $"{model.LatentSize}",
                "leave --latent out: the file says it"
            );
        bool same =
            (
                IsConvolutional is null
                || asked.Encoder(model.ImageShape).Equals(model.Encoder) && asked.Decoder(model.ImageShape).Equals(model.Decoder)
            )
            && OfCode is null
            && OfWeights is null
            && (Downsampling is null && CodeActivation is null || asked.Encoder(model.ImageShape).Equals(model.Encoder))
            && (Upsampling is null || asked.Decoder(model.ImageShape).Equals(model.Decoder));
        if (!same)
            throw new LatentException(
                $"The network in '{file}' is not the one that the options describe.",
                fix: "leave out --downsampling, --upsampling, --code-activation and the penalties: the file says them"
            );
    }

    private Network Penalized(Network network, Regularizer? code)
    {
        if (OfWeights is null && code is null)
            return network;
        return new(
            network.Name,
            network.Input,
            [
                .. network.Layers.Select(layer =>
                    layer is KernelLayer kernel
                        ? kernel with
                        {
                            KernelRegularizer = OfWeights,
                            ActivityRegularizer = ReferenceEquals(layer, network.Layers[^1]) ? code : null,
                        }
                        : layer
                ),
            ]
        );
    }
}
