using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latent.Training;

/// <summary>
/// The history with all its bits, for the state of a training: numbers are texts, for JSON has no NaN. <see cref="HistoryFile"/> is that for
/// people.
/// </summary>
internal static class HistoryJson
{
    public static JsonArray Write(IReadOnlyList<EpochResult> history) => new([.. history.Select(epoch => (JsonNode)Write(epoch))]);

    /// <exception cref="KeyNotFoundException">A value is missing.</exception>
    /// <exception cref="FormatException">A number is none.</exception>
    public static List<EpochResult> Read(JsonElement history) => [.. history.EnumerateArray().Select((epoch, i) => Read(epoch, i + 1))];

    private static JsonObject Write(EpochResult epoch)
    {
        var metrics = new JsonObject();
        foreach (var (name, value) in epoch.Metrics)
            metrics[name] = Text(value);
        return new()
        {
            ["loss"] = Text(epoch.Loss),
            ["val_loss"] = epoch.ValLoss is double loss ? Text(loss) : null,
            ["learning_rate"] = Text(epoch.LearningRate),
            ["seconds"] = Text(epoch.Seconds),
            ["metrics"] = metrics,
        };
    }

    private static EpochResult Read(JsonElement epoch, int number) =>
        new(
            number,
            Number(epoch.GetProperty("loss")),
            epoch.GetProperty("val_loss") is { ValueKind: JsonValueKind.String } loss ? Number(loss) : null,
            Number(epoch.GetProperty("learning_rate")),
            Number(epoch.GetProperty("seconds")),
            epoch.GetProperty("metrics").EnumerateObject().ToDictionary(m => m.Name, m => Number(m.Value), StringComparer.Ordinal)
        );

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static double Number(JsonElement text) => double.Parse(text.GetString()!, CultureInfo.InvariantCulture);
}
