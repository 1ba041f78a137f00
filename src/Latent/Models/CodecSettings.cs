using System.Text.Json.Nodes;
using Latent.Networks;

namespace Latent.Models;

/// <summary>How an image of another size than the model's is brought to it.</summary>
public enum ImageFit
{
    /// <summary>Not at all: it is refused.</summary>
    Refuse,

    /// <summary>It is scaled to the model's height and width, each by itself.</summary>
    Stretch,

    /// <summary>It is scaled until it covers the model's height and width, and its middle is taken: what stands over on two sides is lost.</summary>
    Crop,

    /// <summary>It is scaled until it fits into the model's height and width, in the middle of black.</summary>
    Pad,
}

/// <summary>What a byte of an image becomes before the model takes it: byte · scale + offset.</summary>
/// <param name="Scale">The factor, not 0: 1 / 255 for <see cref="Unit"/>.</param>
/// <param name="Offset">What is added.</param>
public readonly record struct PixelScaling(float Scale, float Offset = 0)
{
    /// <summary>0 to 1: what Latent trains images with. In the engine it is a division by 255.</summary>
    public static PixelScaling Unit { get; } = new(1 / 255f);

    /// <summary>-1 to 1.</summary>
    public static PixelScaling Symmetric { get; } = new(2 / 255f, -1);

    /// <summary>The number of a byte.</summary>
    public float Of(byte pixel) => this == Unit ? pixel / 255f : pixel * Scale + Offset;

    /// <summary>The nearest byte, halves up; what is beyond is cut off, what is not a number is 0.</summary>
    public byte ToByte(float value)
    {
        float pixel = this == Unit ? value * 255 : (value - Offset) / Scale;
        return float.IsNaN(pixel) ? (byte)0 : (byte)(Math.Clamp(pixel, 0, 255) + 0.5f);
    }
}

/// <summary>
/// What a program that uses a model wants to know beside the networks: part of <see cref="ModelInfo"/>, and so of the model's file. A file without
/// it stands for the defaults.
/// </summary>
public sealed record CodecSettings
{
    /// <summary>The version of this part of a file.</summary>
    internal const int Version = 2; // 1 knows one score; it is written where that is meant, so that older programs read the file

    /// <summary>What to do with images of another size. The library takes pixels of the model's size; who decodes image files asks here.</summary>
    public ImageFit Fit { get; init; }

    /// <summary>What bytes become. Default: 0 to 1.</summary>
    public PixelScaling Scaling { get; init; } = PixelScaling.Unit;

    /// <summary>The largest score of an image that is like those of the training; null where nobody has said so.</summary>
    public double? Threshold { get; init; }

    /// <summary>What a score is: also what the threshold is one of. Default: the error.</summary>
    public ScoreKind Score { get; init; }

    /// <summary>Where the codes of normal images lie: the combined score needs it.</summary>
    public CodeSpread? Spread { get; init; }

    /// <exception cref="LatentException">A number is out of range.</exception>
    internal void Check()
    {
        if (Score is not (ScoreKind.Error or ScoreKind.Combined))
            throw new LatentException("There is no such score.", string.Join(" or ", Enum.GetNames<ScoreKind>()), $"{(int)Score}");
        if (Threshold is { } t && !double.IsFinite(t))
            throw new LatentException("The threshold of a model's scores is out of range.", "a finite number, or null", $"{t}");
        if (!IsValid(Scaling))
            throw new LatentException(
                "The scaling of a model's pixels is out of range.",
                "finite numbers, and a scale other than 0",
                $"{Scaling}"
            );
    }

    internal static JsonObject Write(CodecSettings settings)
    {
        settings.Check();
        var json = new JsonObject { ["version"] = settings.Score == ScoreKind.Error ? 1 : Version };
        if (settings.Fit != ImageFit.Refuse)
            json["fit"] = Name(settings.Fit);
        if (settings.Scaling != PixelScaling.Unit)
            json["scaling"] = new JsonObject { ["scale"] = settings.Scaling.Scale, ["offset"] = settings.Scaling.Offset };
        if (settings.Threshold is { } threshold)
            json["threshold"] = threshold;
        if (settings.Score == ScoreKind.Combined)
            json["score"] = Combined;
        if (settings.Spread is { } spread)
            json["spread"] = CodeSpread.Write(spread);
        return json;
    }

    internal static CodecSettings Read(JsonReader json)
    {
        if (json.Int("version") is var version && version is < 1 or > Version)
            throw new LatentException(
                "How its images are scaled and fitted was written by a newer version of Latent.",
                $"version {Version}",
                $"{version}",
                "update Latent"
            );
        string fit = json.OptionalText("fit") ?? Name(ImageFit.Refuse);
        var scaling = json.Has("scaling")
            ? new PixelScaling(json.Object("scaling").Float("scale"), json.Object("scaling").Float("offset"))
            : PixelScaling.Unit;
        return new()
        {
            Fit = Fits(fit),
            Scaling = IsValid(scaling)
                ? scaling
                : throw new LatentException(
                    "The scaling of its pixels cannot be.",
                    "a scale other than 0",
                    $"{scaling}",
                    "get the file again"
                ),
            Threshold = json.OptionalNumber("threshold"),
            Score = json.OptionalText("score") switch
            {
                null => ScoreKind.Error,
                Combined => ScoreKind.Combined,
                var other => throw new LatentException("Its score is not known here.", Combined, Shown.Of(other), "update Latent"),
            },
            Spread = json.Has("spread") ? CodeSpread.Read(json.Object("spread")) : null,
        };
    }

    private const string Combined = "combined";

    private static bool IsValid(PixelScaling scaling) =>
        scaling.Scale != 0 && float.IsFinite(scaling.Scale) && float.IsFinite(scaling.Offset);

    internal static ImageFit Fits(string name)
    {
        foreach (var fit in Enum.GetValues<ImageFit>())
            if (Name(fit) == name)
                return fit;
        throw new LatentException(
            "How its images are fitted is not known here.",
            string.Join(", ", Enum.GetValues<ImageFit>().Select(Name)),
            Shown.Of(name),
            "update Latent"
        );
    }

    internal static string Name(ImageFit fit) =>
        fit switch
        {
            ImageFit.Stretch => "stretch",
            ImageFit.Crop => "crop",
            ImageFit.Pad => "pad",
            _ => "refuse",
        };
}
