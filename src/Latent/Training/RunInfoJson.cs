using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latent.Models;
using Latent.Networks;

namespace Latent.Training;

/// <summary>run.json: what is there is written in a fixed order; values that are not known are no error.</summary>
internal static class RunInfoJson
{
    public const int Version = 1;

    private static readonly JsonSerializerOptions s_readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // the file is no web page
    };

    public static string Write(RunInfo info)
    {
        var json = new JsonObject
        {
            ["format_version"] = Version,
            ["latent_version"] = info.LatentVersion,
            ["dotnet_version"] = info.DotnetVersion,
            ["status"] = info.Status,
            ["process_id"] = info.ProcessId,
            ["recipe"] = info.Recipe,
            ["data"] = info.Data is { } data ? Write(data) : null,
            ["image_shape"] = new JsonArray([.. info.ImageShape.Select(side => JsonValue.Create(side))]),
            ["latent_size"] = info.LatentSize,
            ["parameters"] = new JsonObject
            {
                ["encoder"] = info.EncoderParameters,
                ["decoder"] = info.DecoderParameters,
                ["total"] = info.EncoderParameters + info.DecoderParameters,
            },
            ["seed"] = info.Seed,
            ["threads"] = info.Threads,
            ["epochs"] = info.Epochs,
            ["steps"] = info.Steps,
            ["best_epoch"] = info.BestEpoch,
            ["best_val_loss"] = info.BestValLoss is double loss && double.IsFinite(loss) ? loss : null,
            ["calibrated"] = info.Calibrated,
            ["seconds"] = Math.Round(info.Seconds, 3),
            ["options"] = info.Options.DeepClone(),
        };
        return json.ToJsonString(s_readable) + "\n";
    }

    /// <exception cref="LatentException">The text is no run.json of this version or an older one.</exception>
    public static RunInfo Read(string file, string text)
    {
        JsonElement root;
        try
        {
            root = JsonElement.Parse(text);
        }
        catch (JsonException e)
        {
            throw new LatentException($"'{file}' is damaged.", "JSON", Shown.Problem(e), inner: e);
        }
        var json = new JsonReader(root, $"'{file}'");
        int version = json.Int("format_version");
        if (version > Version)
            throw new LatentException(
                $"'{file}' was written by a newer version of Latent.",
                $"format version {Version} at most",
                $"{version}",
                "update Latent, or train again with this version"
            );
        var parameters = json.Object("parameters");
        return new()
        {
            FormatVersion = version,
            LatentVersion = json.OptionalText("latent_version") ?? "",
            DotnetVersion = json.OptionalText("dotnet_version") ?? "",
            Status = json.Text("status"),
            ProcessId = json.OptionalInt("process_id"),
            Recipe = json.OptionalText("recipe"),
            Data = json.Has("data") ? Data(json.Object("data")) : null,
            ImageShape = [.. json.Array("image_shape").Select(side => side.GetInt32())],
            LatentSize = json.Int("latent_size"),
            EncoderParameters = parameters.Int("encoder"),
            DecoderParameters = parameters.Int("decoder"),
            Seed = json.Long("seed"),
            Threads = json.OptionalInt("threads") ?? 0,
            Epochs = json.OptionalInt("epochs") ?? 0,
            Steps = json.Long("steps"),
            BestEpoch = json.OptionalInt("best_epoch") ?? 0,
            BestValLoss = json.OptionalNumber("best_val_loss"),
            Calibrated = json.OptionalBool("calibrated") ?? false,
            Seconds = json.OptionalNumber("seconds") ?? 0,
            Options = json.IsObject("options") ? JsonObject.Create(root.GetProperty("options"))! : [],
        };
    }

    public static JsonObject Write(RunData data)
    {
        var json = new JsonObject
        {
            ["name"] = data.Name,
            ["source"] = data.Source,
            ["checksum"] = data.Checksum,
            ["train_images"] = data.TrainImages,
            ["test_images"] = data.TestImages,
        };
        if (data.ValidationImages > 0)
            json["validation_images"] = data.ValidationImages;
        if (data.Folder is { } folder)
            json["folder"] = new JsonObject
            {
                ["shape"] = new JsonArray(folder.Shape.Height, folder.Shape.Width, folder.Shape.Channels),
                ["fit"] = CodecSettings.Name(folder.Fit),
                ["validation"] = folder.Validation,
                ["test"] = folder.Test,
            };
        return json;
    }

    /// <exception cref="LatentException">The object has no name, or a value of the wrong kind.</exception>
    public static RunData Data(JsonReader json) =>
        new(
            json.Text("name"),
            json.OptionalText("source") ?? json.Text("name"),
            json.OptionalText("checksum") ?? "",
            json.OptionalInt("train_images") ?? 0,
            json.OptionalInt("test_images") ?? 0
        )
        {
            ValidationImages = json.OptionalInt("validation_images") ?? 0,
            Folder = json.Has("folder") ? Folder(json.Object("folder")) : null,
        };

    private static FolderReading Folder(JsonReader json)
    {
        int[] shape = [.. json.Array("shape").Select(side => side.GetInt32())];
        return new(
            shape is [> 0, > 0, 1 or 3]
                ? new(shape[0], shape[1], shape[2])
                : throw new LatentException(
                    "The shape of its folder's images cannot be.",
                    "height, width, 1 or 3",
                    string.Join(", ", shape)
                )
        )
        {
            Fit = CodecSettings.Fits(json.Text("fit")),
            Validation = json.OptionalNumber("validation") ?? 0,
            Test = json.OptionalNumber("test") ?? 0,
        };
    }
}
