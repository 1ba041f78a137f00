using System.CommandLine;
using Latent.Cli.Parsing;
using Latent.Models;

namespace Latent.Cli.Inputs;

/// <summary>The option --fit: how images of another size are brought to the model's.</summary>
internal static class Fits
{
    private static readonly string[] s_words = ["crop", "pad", "stretch", "refuse"];

    public static Option<string?> Option(string which, string fallback) =>
        Make.Choice(
            ["--fit"],
            $"{which}: cover the size and cut what stands over, fit into it with black around, scale each side, or leave out",
            s_words,
            fallback
        );

    /// <summary>What a word asks for; null for no word.</summary>
    public static ImageFit? Of(string? word) =>
        word switch
        {
            "crop" => ImageFit.Crop,
            "pad" => ImageFit.Pad,
            "stretch" => ImageFit.Stretch,
            "refuse" => ImageFit.Refuse,
            _ => null,
        };
}
