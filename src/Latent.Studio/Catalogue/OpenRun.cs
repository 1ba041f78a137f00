using System.Text.Json.Nodes;
using Latent.Data;
using Latent.Explorer;
using Latent.Images;
using Latent.Models;
using Latent.Training;

namespace Latent.Studio.Catalogue;

/// <summary>A run's model, the test images of its data where they are on this machine, and their codes. Immutable and thread-safe.</summary>
internal sealed class OpenRun
{
    /// <summary>Points that a page can draw; those of a training set are as many.</summary>
    private const int MostPoints = 70_000;

    /// <summary>Numbers in all codes together: 16 MB on their way to a page.</summary>
    private const int MostNumbers = 4 << 20;

    /// <summary>Where nothing is known of the codes: the article's range.</summary>
    private const float UnknownRange = 5;

    private readonly ExplorerData? _data;

    private OpenRun(string title, Autoencoder model, ExplorerData? data, string? note)
    {
        (Title, Model, _data, Note) = (title, model, data, note);
        var meta = data?.Meta(canEncode: true, hasImages: true) ?? WithoutPoints();
        if (note is not null)
            meta["note"] = note;
        Meta = meta.ToJsonString();
    }

    /// <summary>What pages call it.</summary>
    public string Title { get; }

    public Autoencoder Model { get; }

    /// <summary>Why there are no points, or which are missing; null where all is as it should be.</summary>
    public string? Note { get; }

    /// <summary>What the explorer asks for first, as JSON.</summary>
    public string Meta { get; }

    /// <summary>The images that the codes are of; null where they are not on this machine.</summary>
    public ImageSet? Images => _data?.Images;

    /// <summary>The codes: as many as images, each of the model's latent size.</summary>
    public ReadOnlyMemory<float> Codes => _data?.Codes ?? default;

    /// <summary>Reads a run's model and its data, and encodes the test images.</summary>
    /// <exception cref="LatentException">The model cannot be used, or gives no pictures.</exception>
    public static OpenRun Load(RunEntry entry, TestImages known)
    {
        var model = Autoencoder.Open(entry.ModelPath);
        RequirePictures(model);
        var (images, note) = ImagesOf(entry, model, known);
        if (images is null)
            return new(entry.Id, model, null, note);
        int most = Math.Clamp(MostNumbers / model.LatentSize, 1, MostPoints);
        if (images.Count > most)
        {
            note = $"Only the first {most:N0} of {images.Count:N0} test images are shown.";
            images = images.Take(most);
        }
        return new(entry.Id, model, ExplorerData.Of(model, images, entry.Id), note);
    }

    /// <summary>The pictures of codes.</summary>
    /// <param name="codes">n × latent numbers.</param>
    /// <returns>n × height × width × channels bytes.</returns>
    public byte[] Decode(ReadOnlySpan<float> codes) => Pixels.ToBytes(Model.Decode(codes));

    /// <summary>The code of an image, and its reconstruction.</summary>
    /// <param name="image">height × width × channels bytes.</param>
    public (float[] Code, byte[] Reconstruction) Encode(ReadOnlySpan<byte> image)
    {
        var numbers = new float[image.Length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = image[i] / 255f;
        float[] code = Model.Encode(numbers);
        return (code, Decode(code));
    }

    private static void RequirePictures(Autoencoder model)
    {
        model.RequireImages();
        if (model.OutputShape.IsVector || model.OutputShape.Channels is not (1 or 3))
            throw new LatentException(
                "The model's outputs cannot be shown as pictures.",
                "images (height, width, channels) of 1 or 3 channels",
                $"{model.OutputShape}",
                "look at its numbers: latent predict MODEL --input x.npy --output y.npy"
            );
    }

    private static (ImageSet? Images, string? Note) ImagesOf(RunEntry entry, Autoencoder model, TestImages known)
    {
        if (SourceOf(entry, model) is not var (source, folder))
            return (null, "It is not known which images the model was trained on, so the map has no points.");
        try
        {
            var images = known.Of(source, folder);
            return images.Shape == model.ImageShape
                ? (images, null)
                : (null, $"The images of '{source}' are {images.Shape}, and the model takes {model.ImageShape}: the map has no points.");
        }
        catch (LatentException e)
        {
            return (null, $"The map has no points. {e.Happened}{(e.Fix is null ? "" : $" {Sentence(e.Fix)}")}");
        }
    }

    /// <summary>What to open the data with: as the run says, else the name of a known data set that the model file has.</summary>
    private static (string Source, FolderReading? Folder)? SourceOf(RunEntry entry, Autoencoder model)
    {
        try
        {
            if (entry.Run?.ReadInfo().Data is { } data)
                return (data.Source, data.Folder);
        }
        catch (LatentException)
        {
            // the model file may say it
        }
        return model.Info.DataSet is { } name && DataSets.Names.Contains(name, StringComparer.OrdinalIgnoreCase) ? (name, null) : null;
    }

    private static string Sentence(string text) => text.Length == 0 ? text : $"{char.ToUpperInvariant(text[0])}{text[1..].TrimEnd('.')}.";

    private JsonObject WithoutPoints() =>
        new()
        {
            ["title"] = Title,
            ["latent"] = Model.LatentSize,
            ["shape"] = new JsonArray(Model.OutputShape.Height, Model.OutputShape.Width, Model.OutputShape.Channels),
            ["labelNames"] = new JsonArray(),
            ["count"] = 0,
            ["ranges"] = new JsonArray([.. Enumerable.Range(0, Model.LatentSize).Select(_ => new JsonArray(-UnknownRange, UnknownRange))]),
            ["mean"] = new JsonArray([.. Enumerable.Range(0, Model.LatentSize).Select(_ => (JsonNode)0f)]),
            ["components"] = new JsonArray(),
            ["canEncode"] = true,
            ["hasImages"] = false,
            ["indices"] = null,
        };
}
