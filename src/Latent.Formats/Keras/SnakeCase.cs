using System.Text.RegularExpressions;

namespace Latent.Formats.Keras;

/// <summary>Keras's names of its classes: "Conv2DTranspose" as "conv2d_transpose".</summary>
internal static partial class SnakeCase
{
    public static string Of(string className) =>
        Second().Replace(First().Replace(Other().Replace(className, ""), "${before}_${word}"), "${before}_${word}").ToLowerInvariant();

    [GeneratedRegex(@"\W+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Other();

    [GeneratedRegex("(?<before>.)(?<word>[A-Z][a-z]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex First();

    [GeneratedRegex("(?<before>[a-z])(?<word>[A-Z])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Second();
}
