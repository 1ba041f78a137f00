using System.CommandLine;
using Latent.Cli.Parsing;
using Latent.Models;
using Latent.Networks;

namespace Latent.Cli.Describe;

/// <summary>The options that say which network: the article's, or one of its alternatives.</summary>
internal sealed class NetworkOptions
{
    public const int DefaultLatent = 10;

    private static readonly string[] s_downsampling = ["strides", "max-pooling"];
    private static readonly string[] s_upsampling = ["upsampling", "transposed"];
    private static readonly string[] s_activations = ["linear", "relu"];

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

    public IReadOnlyList<Option> All => [_latent, _downsampling, _upsampling, _codeActivation];

    /// <summary>What was asked for.</summary>
    public NetworkChoice In(ParseResult parsed) =>
        new(
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
                : null
        );

    /// <summary>The options that were given, by name.</summary>
    public IEnumerable<string> Given(ParseResult parsed) => All.Where(o => parsed.GetResult(o) is { Implicit: false }).Select(o => o.Name);
}

/// <summary>The network that was asked for; null where nothing was said.</summary>
internal sealed record NetworkChoice(int? Latent, Downsampling? Downsampling, Upsampling? Upsampling, Activation? CodeActivation)
{
    public int LatentOrDefault => Latent ?? NetworkOptions.DefaultLatent;

    public Network Encoder(Shape? image) =>
        Article.Encoder(LatentOrDefault, image, Downsampling ?? Networks.Downsampling.Strides, CodeActivation);

    public Network Decoder(Shape? image) => Article.Decoder(LatentOrDefault, image, Upsampling ?? Networks.Upsampling.UpSampling);

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
            (Downsampling is null && CodeActivation is null || asked.Encoder(model.ImageShape).Equals(model.Encoder))
            && (Upsampling is null || asked.Decoder(model.ImageShape).Equals(model.Decoder));
        if (!same)
            throw new LatentException(
                $"The network in '{file}' is not the one that the options describe.",
                fix: "leave out --downsampling, --upsampling and --code-activation: the file says them"
            );
    }
}
