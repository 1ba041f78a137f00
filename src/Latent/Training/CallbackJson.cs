using System.Globalization;
using System.Text.Json.Nodes;
using Latent.Networks;

namespace Latent.Training;

/// <summary>
/// Callbacks as JSON, with Keras's class names and options. One of the user's own has its description in place of a config and cannot be
/// made again from it.
/// </summary>
internal static class CallbackJson
{
    private const string ClassName = "class_name",
        Config = "config",
        Description = "description";

    public static JsonObject Write(Callback callback)
    {
        var config = callback switch
        {
            EarlyStopping c => new JsonObject
            {
                ["monitor"] = c.Monitor,
                ["min_delta"] = c.MinDelta,
                ["patience"] = c.Patience,
                ["mode"] = Name(c.Mode),
                ["baseline"] = Number(c.Baseline),
                ["restore_best_weights"] = c.RestoreBestWeights,
                ["start_from_epoch"] = c.StartFromEpoch,
            },
            ModelCheckpoint c => new JsonObject
            {
                ["filepath"] = c.FilePath,
                ["monitor"] = c.Monitor,
                ["mode"] = Name(c.Mode),
                ["save_best_only"] = c.SaveBestOnly,
                ["save_weights_only"] = c.SaveWeightsOnly,
                ["initial_value_threshold"] = Number(c.InitialValueThreshold),
            },
            CSVLogger c => new JsonObject
            {
                ["filename"] = c.FilePath,
                ["separator"] = c.Separator,
                ["append"] = c.Append,
            },
            ReduceLROnPlateau c => new JsonObject
            {
                ["monitor"] = c.Monitor,
                ["factor"] = c.Factor,
                ["patience"] = c.Patience,
                ["mode"] = Name(c.Mode),
                ["min_delta"] = c.MinDelta,
                ["cooldown"] = c.Cooldown,
                ["min_lr"] = c.MinLearningRate,
            },
            SwapEMAWeights c => new JsonObject { ["swap_on_epoch"] = c.SwapOnEpoch },
            TensorBoard c => new JsonObject
            {
                ["log_dir"] = c.LogDirectory,
                ["histogram_freq"] = c.HistogramFrequency,
                ["update_freq"] = c.UpdateFrequency,
                ["images"] = c.Images,
            },
            TerminateOnNaN => [],
            _ => null,
        };
        if (callback is ModelCheckpoint { SaveFrequency: int batches })
            config!["save_freq"] = batches;
        return config is null
            ? new() { [ClassName] = callback.GetType().Name, [Description] = callback.Description }
            : new() { [ClassName] = callback.GetType().Name, [Config] = config };
    }

    /// <summary>The callback, or null where it is one of the user's own.</summary>
    /// <exception cref="LatentException">A value is missing or of the wrong kind.</exception>
    public static Callback? Read(JsonReader json)
    {
        string name = json.Text(ClassName);
        if (!json.Has(Config))
            return null;
        var config = json.Object(Config);
        return name switch
        {
            nameof(EarlyStopping) => new EarlyStopping(config.Int("patience"))
            {
                Monitor = config.Text("monitor"),
                MinDelta = config.OptionalNumber("min_delta") ?? 0,
                Mode = Mode(config),
                Baseline = Number(config, "baseline"),
                RestoreBestWeights = config.OptionalBool("restore_best_weights") ?? false,
                StartFromEpoch = config.OptionalInt("start_from_epoch") ?? 0,
            },
            nameof(ModelCheckpoint) => new ModelCheckpoint(config.Text("filepath"))
            {
                Monitor = config.Text("monitor"),
                Mode = Mode(config),
                SaveBestOnly = config.OptionalBool("save_best_only") ?? false,
                SaveWeightsOnly = config.OptionalBool("save_weights_only") ?? false,
                InitialValueThreshold = Number(config, "initial_value_threshold"),
                SaveFrequency = config.OptionalInt("save_freq"),
            },
            nameof(CSVLogger) => new CSVLogger(config.Text("filename"))
            {
                Separator = config.Text("separator"),
                Append = config.OptionalBool("append") ?? false,
            },
            nameof(ReduceLROnPlateau) => new ReduceLROnPlateau(config.Number("factor"), config.Int("patience"))
            {
                Monitor = config.Text("monitor"),
                Mode = Mode(config),
                MinDelta = config.Number("min_delta"),
                Cooldown = config.Int("cooldown"),
                MinLearningRate = config.Number("min_lr"),
            },
            nameof(SwapEMAWeights) => new SwapEMAWeights(config.Bool("swap_on_epoch")),
            nameof(TensorBoard) => new TensorBoard(config.Text("log_dir"))
            {
                HistogramFrequency = config.Int("histogram_freq"),
                UpdateFrequency = config.OptionalInt("update_freq"),
                Images = config.Int("images"),
            },
            nameof(TerminateOnNaN) => new TerminateOnNaN(),
            _ => null,
        };
    }

    /// <summary>A threshold may be infinite, which JSON's numbers cannot be.</summary>
    private static JsonValue? Number(double? value) =>
        value is not double number ? null
        : double.IsFinite(number) ? JsonValue.Create(number)
        : JsonValue.Create(number.ToString(CultureInfo.InvariantCulture));

    private static double? Number(JsonReader config, string name) =>
        config.IsText(name) ? double.Parse(config.Text(name), CultureInfo.InvariantCulture) : config.OptionalNumber(name);

    private static string Name(MonitorMode mode) =>
        mode switch
        {
            MonitorMode.Min => "min",
            MonitorMode.Max => "max",
            _ => "auto",
        };

    private static MonitorMode Mode(JsonReader config) =>
        config.Text("mode") switch
        {
            "min" => MonitorMode.Min,
            "max" => MonitorMode.Max,
            _ => MonitorMode.Auto,
        };
}
