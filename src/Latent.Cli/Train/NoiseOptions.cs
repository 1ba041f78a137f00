using System.CommandLine;
using Latent.Cli.Parsing;
using Latent.Engine;
using Latent.Training;
using Range = Latent.Cli.Parsing.Range;

namespace Latent.Cli.Train;

/// <summary>What is done to the images on their way into the training: noise on the inputs alone, augmentation of inputs and targets.</summary>
internal sealed class NoiseOptions
{
    private static readonly string[] s_flips = ["none", "horizontal", "vertical", "both"];

    private readonly Option<InputNoise?> _noise = Noise(
        "Train to remove noise: it is added to the input and not to the target, anew in each step; validation images have theirs once",
        "none"
    );
    private readonly Option<string?> _flip = Make.Choice(["--flip"], "Mirror every other image, drawn anew each time", s_flips, s_flips[0]);
    private readonly Option<double?> _shift = Make.Of<double?>(
        ["--shift"],
        "Shift images by at most so many pixels (1, 2, …) or such a part of their sides (below 1); their border is repeated (default 0)",
        "N",
        text => Make.ParseReal(text) is { } x && x >= 0 && (x < 1 || (x == Math.Floor(x) && x <= 1 << 15)) ? x : null,
        "a whole number of pixels, or a part of the sides below 1"
    );
    private readonly Option<double?> _brightness = Make.Real(
        ["--brightness"],
        "Add up to plus or minus this to all pixels of an image, which are 0 to 1",
        Range.Part,
        "0"
    );
    private readonly Option<double?> _noiseOfBoth = Make.Real(
        ["--augment-noise"],
        "Normal noise of this standard deviation on input and target alike",
        new Range(0),
        "0"
    );

    public IReadOnlyList<Option> All => [_noise, _flip, _shift, _brightness, _noiseOfBoth];

    /// <summary>--noise of any command.</summary>
    public static Option<InputNoise?> Noise(string help, string fallback)
    {
        var option = new Option<InputNoise?>("--noise")
        {
            Description =
                $"{help}. gaussian:σ, cut off at 0 and 1; salt-pepper:p, a share of pixels black or white; mask:n or mask:n:count, black squares of n × n; blur:σ in pixels (default {fallback})",
            HelpName = "KIND:X",
        };
        option.CustomParser = result =>
        {
            try
            {
                return InputNoise.Parse(result.Tokens[^1].Value);
            }
            catch (LatentException e)
            {
                result.AddError($"{option.Name}: {e.Message}");
                return null;
            }
        };
        return option;
    }

    /// <summary>The noise that a word means.</summary>
    /// <exception cref="CommandLineException">It means none.</exception>
    public static InputNoise Parse(string command, string spec)
    {
        try
        {
            return InputNoise.Parse(spec);
        }
        catch (LatentException e)
        {
            throw new CommandLineException(command, [$"--noise: {e.Message}"]);
        }
    }

    /// <summary>The options with what was asked for in place of their own.</summary>
    public TrainingOptions In(ParseResult parsed, TrainingOptions options)
    {
        var own = options.Augmentation ?? new();
        var augmentation = own with
        {
            Flip = parsed.GetValue(_flip) is { } flip ? (Flip)Array.IndexOf(s_flips, flip) : own.Flip,
            Shift = (float)(parsed.GetValue(_shift) ?? own.Shift),
            Brightness = (float)(parsed.GetValue(_brightness) ?? own.Brightness),
            Noise = (float)(parsed.GetValue(_noiseOfBoth) ?? own.Noise),
        };
        return options with
        {
            Noise = parsed.GetValue(_noise) ?? options.Noise,
            Augmentation = augmentation == new Augmentation() ? null : augmentation,
        };
    }
}
