using System.CommandLine;
using System.Globalization;
using Latent.Cli.Inputs;
using Latent.Cli.Parsing;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

namespace Latent.Cli.Train;

/// <summary>The options that say how a folder of image files is read.</summary>
internal sealed class FolderOptions
{
    private readonly Option<(int Height, int Width)?> _size = Make.Of<(int, int)?>(
        ["--size"],
        $"Height and width that images are brought to (default {FolderReading.DefaultSide}x{FolderReading.DefaultSide}; with --init, the model's)",
        "HxW",
        Parse,
        "height x width, such as 64x64, each from 8 to 4096"
    );
    private readonly Option<bool> _color = Make.Flag("--color", "Red, green and blue; else images are made grey");
    private readonly Option<string?> _fit = Fits.Option("Images of another size", "crop");
    private readonly Option<double?> _validation = Make.Real(
        ["--validation"],
        "The share of files that epochs, early stopping and thresholds are judged by",
        new(0, 0.9),
        "0.1"
    );
    private readonly Option<double?> _test = Make.Real(
        ["--test"],
        "The share of files that nothing sees before the report",
        new(0, 0.9),
        "0.1"
    );

    public IReadOnlyList<Option> All => [_size, _color, _fit, _validation, _test];

    /// <summary>What was asked for; null where nothing was.</summary>
    public FolderChoice In(ParseResult parsed) =>
        new(
            parsed.GetValue(_size),
            parsed.GetValue(_color) ? true : null,
            Fits.Of(parsed.GetValue(_fit)),
            parsed.GetValue(_validation),
            parsed.GetValue(_test),
            [.. All.Where(o => parsed.GetResult(o) is { Implicit: false }).Select(o => o.Name)]
        );

    private static (int, int)? Parse(string text)
    {
        string[] sides = text.Split('x', 'X', '×');
        return sides.Length == 2 && Side(sides[0]) is { } height && Side(sides[1]) is { } width ? (height, width) : null;

        static int? Side(string side) =>
            int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= 8 and <= 4096 ? n : null;
    }

    /// <summary>What a command line says of a folder's images; null where it says nothing.</summary>
    internal sealed record FolderChoice(
        (int Height, int Width)? Size,
        bool? Color,
        ImageFit? Fit,
        double? Validation,
        double? Test,
        IReadOnlyList<string> Given
    )
    {
        /// <summary>How the folder is read.</summary>
        /// <param name="model">A model that is trained on, whose size and fitting hold where nothing else is said; null for none.</param>
        public FolderReading Reading(Autoencoder? model = null)
        {
            var like = model?.ImageShape;
            var reading = new FolderReading(
                new Shape(
                    Size?.Height ?? like?.Height ?? FolderReading.DefaultSide,
                    Size?.Width ?? like?.Width ?? FolderReading.DefaultSide,
                    Color is true ? 3 : like?.Channels ?? 1
                )
            )
            {
                Fit = Fit ?? model?.Info.Codec?.Fit ?? ImageFit.Crop,
            };
            return reading with { Validation = Validation ?? reading.Validation, Test = Test ?? reading.Test };
        }
    }
}
