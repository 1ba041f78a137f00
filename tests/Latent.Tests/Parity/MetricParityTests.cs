using System.Text.Json;
using Latent.Analysis;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Parity;

/// <summary>Metrics as scikit-image and scikit-learn compute them: each value of metrics.json.</summary>
public sealed class MetricParityTests
{
    private const double Tolerance = 1e-6;

    /// <summary>Every metric that an entry of an array in metrics.json has a value of.</summary>
    public static IEnumerable<TheoryDataRow<string>> Metrics() =>
        Values().Select(value => value.Metric).Distinct(StringComparer.Ordinal).Select(name => new TheoryDataRow<string>(name));

    private static string Images => GoldenFolder.PathOf("parity", "metrics_images.safetensors");

    [GoldenTheory]
    [MemberData(nameof(Metrics))]
    public void Metric_agrees_with_scikit(string name)
    {
        var images = new Lazy<GoldenTensors>(() => new(Images));
        double largest = 0;
        foreach (var (entry, metric) in Values())
            if (metric == name)
            {
                double expected = entry.GetProperty(name).GetDouble(),
                    actual = entry.TryGetProperty("pair", out var pair) ? OfImages(name, images.Value, $"{pair}") : OfScores(name, entry);
                largest = Math.Max(largest, Math.Abs(expected - actual));
                Near.Absolute([expected], [actual], Tolerance, name);
            }
        Errors.Note("metrics", name, largest);
    }

    private static double OfImages(string metric, GoldenTensors images, string pair)
    {
        float[] a = images.Floats($"{pair}/a"),
            b = images.Floats($"{pair}/b");
        int[] sides = images.Shape($"{pair}/a");
        var shape = new Shape(sides[0], sides[1], sides is [_, _, int channels] ? channels : 1);
        return metric switch
        {
            "mse" => ImageMetrics.MeanSquaredError(a, b),
            "mae" => ImageMetrics.MeanAbsoluteError(a, b),
            "psnr" => ImageMetrics.Psnr(a, b),
            "ssim_gaussian" => StructuralSimilarity.Of(a, b, shape),
            "ssim_uniform7" => StructuralSimilarity.Of(a, b, shape, SsimWindow.Uniform),
            _ => throw new InvalidOperationException($"There is no metric '{metric}'."),
        };
    }

    private static double OfScores(string metric, JsonElement entry)
    {
        bool[] labels = [.. GoldenFolder.Numbers(entry.GetProperty("label")).Select(label => label > 0.5)];
        double[] scores = GoldenFolder.Numbers(entry.GetProperty("score"));
        return metric switch
        {
            "auroc" => Ranking.Auroc(labels, scores),
            "average_precision" => Ranking.AveragePrecision(labels, scores),
            _ => throw new InvalidOperationException($"There is no metric '{metric}'."),
        };
    }

    private static IEnumerable<(JsonElement Entry, string Metric)> Values()
    {
        string path = GoldenFolder.PathOf("parity", "metrics.json");
        return File.Exists(path)
            ? GoldenFolder
                .Json(path)
                .EnumerateObject()
                .SelectMany(list => list.Value.EnumerateArray())
                .Where(entry => File.Exists(Images) || !entry.TryGetProperty("pair", out _))
                .SelectMany(entry => entry.EnumerateObject().Select(value => (entry, value.Name)))
                .Where(value => value.Name is not ("pair" or "label" or "score"))
            : [];
    }
}
