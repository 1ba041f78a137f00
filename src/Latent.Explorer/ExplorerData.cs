using System.Text.Json.Nodes;
using Latent.Analysis;
using Latent.Data;
using Latent.Models;

namespace Latent.Explorer;

/// <summary>What an explorer shows: a model, images, and where their codes lie. Immutable and thread-safe while the model's weights stay.</summary>
public sealed class ExplorerData
{
    /// <summary>Principal components beyond these hardly show anything, and a code may have thousands of numbers.</summary>
    private const int MostComponents = 16;

    private readonly (double Low, double High)[] _ranges;
    private readonly Pca? _components;
    private readonly float[] _mean;

    private ExplorerData(string title, Autoencoder model, ImageSet images, ReadOnlyMemory<float> codes)
    {
        (Title, Model, Images, Codes) = (title, model, images, codes);
        int latent = model.LatentSize;
        _ranges = CodeStatistics.Ranges(codes.Span, latent);
        _components = latent is > 2 and <= Pca.MaxDimension ? Pca.Fit(codes.Span, latent, Math.Min(latent, MostComponents)) : null;
        var sums = new double[latent];
        for (int i = 0; i < codes.Length; i++)
            sums[i % latent] += codes.Span[i];
        _mean = [.. sums.Select(sum => (float)(sum / images.Count))];
    }

    /// <summary>What the page is called.</summary>
    public string Title { get; }

    /// <summary>The model.</summary>
    public Autoencoder Model { get; }

    /// <summary>The images whose codes are shown.</summary>
    public ImageSet Images { get; }

    /// <summary>Their codes: count × latent numbers.</summary>
    public ReadOnlyMemory<float> Codes { get; }

    /// <summary>Encodes images and measures where their codes lie.</summary>
    /// <param name="model">A model that gives grey or colour images.</param>
    /// <param name="images">Images of the model's shape.</param>
    /// <param name="title">What the page is called; null for the images' name and the latent size.</param>
    /// <param name="codes">The images' codes, where they are known already.</param>
    /// <exception cref="LatentException">The model gives no images, the images have another shape, or the codes are not finite.</exception>
    public static ExplorerData Of(Autoencoder model, ImageSet images, string? title = null, ReadOnlyMemory<float>? codes = null)
    {
        model.RequireImages();
        var shape = model.OutputShape;
        if (shape.IsVector || shape.Channels is not (1 or 3))
            throw new LatentException(
                "The model's outputs cannot be shown as pictures.",
                "images (height, width, channels) of 1 or 3 channels",
                $"{shape}",
                "look at its numbers: latent predict MODEL --input x.npy --output y.npy"
            );
        if (images.Shape != model.ImageShape)
            throw new LatentException(
                $"The images of '{images.Name}' have another shape than the model's.",
                $"{model.ImageShape}",
                $"{images.Shape}",
                "give the data set that the model was trained on"
            );
        var numbers = codes ?? model.Encode(images);
        if (numbers.Length != (long)images.Count * model.LatentSize)
            throw new LatentException(
                "The codes do not fit the images.",
                $"{images.Count} × {model.LatentSize} numbers",
                $"{numbers.Length}"
            );
        if (FirstNotFinite(numbers.Span) is { } bad)
            throw new LatentException(
                "The codes cannot be drawn.",
                "finite numbers",
                $"{numbers.Span[bad]} in code {bad / model.LatentSize} of {images.Count}",
                "train with a lower learning rate: the weights have diverged"
            );
        title ??= $"{images.Name}, {(model.LatentSize == 1 ? "1 latent number" : $"{model.LatentSize:N0} latent numbers")}";
        return new(title, model, images, numbers);
    }

    /// <summary>
    /// What the explorer's script asks for first: title, sizes, the codes' ranges (1st to 99th percentile of each number), their mean and, beyond
    /// two numbers, their principal components, largest first.
    /// </summary>
    /// <param name="canEncode">Whether the script can have images encoded.</param>
    /// <param name="hasImages">Whether it can ask for the images.</param>
    public JsonObject Meta(bool canEncode, bool hasImages) =>
        new()
        {
            ["title"] = Title,
            ["latent"] = Model.LatentSize,
            ["shape"] = new JsonArray(Model.OutputShape.Height, Model.OutputShape.Width, Model.OutputShape.Channels),
            ["labelNames"] = new JsonArray([
                .. (Images.HasLabels ? Images.LabelNames : []).Select(name => (JsonNode)JsonValue.Create(name)),
            ]),
            ["count"] = Images.Count,
            ["ranges"] = new JsonArray([.. _ranges.Select(range => new JsonArray((float)range.Low, (float)range.High))]),
            ["mean"] = Numbers(_mean),
            ["components"] = new JsonArray([.. Enumerable.Range(0, _components?.Components ?? 0).Select(Component)]),
            ["canEncode"] = canEncode,
            ["hasImages"] = hasImages,
            ["indices"] = null,
        };

    private static int? FirstNotFinite(ReadOnlySpan<float> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
            if (!float.IsFinite(numbers[i]))
                return i;
        return null;
    }

    private JsonArray Component(int index) => Numbers([.. _components!.Component(index).ToArray().Select(number => (float)number)]);

    /// <summary>Item by item, as the library's own descriptions: a JsonArray filled with anything but nodes needs reflection.</summary>
    private static JsonArray Numbers(float[] numbers) => new([.. numbers.Select(number => (JsonNode)JsonValue.Create(number))]);
}
