using System.Text.Json;
using System.Text.Json.Nodes;
using Latent.Engine;
using Latent.Networks;

namespace Latent.Models;

/// <summary>What is known about a model, as JSON: only what is there is written, and what an older or newer version wrote is no error.</summary>
internal static class ModelInfoJson
{
    public static JsonObject Write(ModelInfo info)
    {
        var json = new JsonObject();
        Add("data_set", info.DataSet);
        Add("recipe", info.Recipe);
        Add("loss", info.Loss);
        Add("noise", info.Noise?.Spec);
        if (info.ValLoss is { } valLoss && double.IsFinite(valLoss)) // JSON has no NaN
            json["val_loss"] = valLoss;
        if (info.Epoch is { } epoch)
            json["epoch"] = epoch;
        if (info.LabelNames.Count > 0)
            json["label_names"] = new JsonArray([.. info.LabelNames.Select(name => JsonValue.Create(name))]);
        if (info.Calibrated)
            json["calibrated"] = true;
        if (info.Codec is { } codec)
            json["codec"] = CodecSettings.Write(codec);
        if (info.Codes is { } codes)
            json["codes"] = CodeDistribution.Write(codes);
        return json;

        void Add(string name, string? value)
        {
            if (value is not null)
                json[name] = value;
        }
    }

    // a kind that a newer version knows is no reason to refuse the model
    private static InputNoise? Noise(string? spec)
    {
        try
        {
            return spec is null ? null : InputNoise.Parse(spec);
        }
        catch (LatentException)
        {
            return null;
        }
    }

    public static ModelInfo Read(JsonReader json) =>
        new()
        {
            DataSet = json.OptionalText("data_set"),
            Recipe = json.OptionalText("recipe"),
            Loss = json.OptionalText("loss"),
            Noise = Noise(json.OptionalText("noise")),
            ValLoss = json.OptionalNumber("val_loss"),
            Epoch = json.OptionalInt("epoch"),
            LabelNames = json.Has("label_names") ? json.Texts("label_names") : [],
            Calibrated = json.OptionalBool("calibrated") ?? false,
            Codec = json.Has("codec") ? CodecSettings.Read(json.Object("codec")) : null,
            Codes = json.Has("codes") ? CodeDistribution.Read(json.Object("codes")) : null,
        };
}
