using System.Text.Json.Nodes;
using Latent.Analysis;
using Latent.Data;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

namespace Latent.Images;

/// <summary>The words and numbers of a run's report.</summary>
internal static class RunReport
{
    public static Report Write(Autoencoder model, DataSet data, RunInfo? info, IReadOnlyList<EpochResult> history, RunMeasures measures)
    {
        int epochs = info?.Epochs ?? history.Count;
        string?[] subtitle =
        [
            "An autoencoder",
            (info?.Recipe ?? model.Info.Recipe) is { } recipe ? $"recipe {recipe}" : null,
            epochs > 0 ? RunSummary.Count(epochs, "epoch") : null,
            info is null ? null : $"seed {info.Seed}",
            info is { Status: not ("finished" or "early") } ? $"training {info.Status}" : null,
        ];
        return new()
        {
            Title = $"{data.Name}, {RunSummary.Count(model.LatentSize, "latent number")}",
            Subtitle = string.Join(" · ", subtitle.OfType<string>()),
            Headline = [.. Headline(model, data, info, history, measures)],
            Tables = Tables(model, data, measures),
            History = history,
            Details = [.. Details(model, data, info)],
        };
    }

    private static IEnumerable<ReportNumber> Headline(
        Autoencoder model,
        DataSet data,
        RunInfo? info,
        IReadOnlyList<EpochResult> history,
        RunMeasures measures
    )
    {
        double? valLoss = info?.BestValLoss ?? model.Info.ValLoss;
        int? epoch = info is { BestEpoch: > 0 } ? info.BestEpoch : model.Info.Epoch;
        yield return valLoss is { } v
            ? new("val_loss", Numbers.Loss(v), epoch is { } e ? $"after epoch {e}, {LossName(model.Info.Loss)}" : LossName(model.Info.Loss))
            : new("error on the test images", Numbers.Loss(measures.MeanError), "mean squared error per pixel");
        if (data.Test.Count == 10_000)
            yield return new(
                $"on the first {RunMeasures.ArticleImages:N0}",
                Numbers.Loss(RunMeasures.ArticleMean(measures.Errors)),
                "mean squared error; whole batches of 64, as the article validates"
            );
        if (measures.PcaErrors is { } pca)
            yield return new(
                "PCA of the same size",
                Numbers.Loss(pca.Average()),
                $"{pca.Average() / measures.MeanError:0.0} times the model's error"
            );
        if (info is { Seconds: > 0 })
            yield return new("training", Numbers.Duration(info.Seconds), RunSummary.Count(info.Epochs, "epoch"));
        else if (history.Count > 0)
            yield return new("training", Numbers.Duration(history.Sum(h => h.Seconds)), RunSummary.Count(history.Count, "epoch"));
        int encoder = new ParameterLayout(model.Encoder).Count;
        int decoder = new ParameterLayout(model.Decoder).Count;
        yield return new("parameters", $"{encoder + decoder:N0}", $"encoder {encoder:N0}, decoder {decoder:N0}");

        var compression = new Compression(model.ImageShape, model.LatentSize);
        yield return new(
            "compression in numbers",
            $"{compression.NumbersRatio:0.0}",
            $"{model.ImageShape.Size:N0} pixel values to {RunSummary.Count(model.LatentSize, "number")}"
        );
        yield return new(
            "compression in bytes",
            $"{compression.BytesRatio:0.0}",
            $"{compression.ImageBytes:N0} bytes to {compression.CodeBytes:N0}: codes are 32-bit floats"
        );
        yield return new(
            "codes inside ±5",
            Numbers.Percent(CodeStatistics.ShareInside(measures.Codes, model.LatentSize, 5)),
            model.LatentSize == 1 ? "of all test images" : "of all test images, every number within"
        );
    }

    private static ReportTable[] Tables(Autoencoder model, DataSet data, RunMeasures measures)
    {
        if (measures.PcaErrors is not { } pca)
            return [];
        bool article = data.Test.Count == 10_000;
        string[] columns =
        [
            "mean squared error per pixel",
            $"all {data.Test.Count:N0} test images",
            .. article ? [$"first {RunMeasures.ArticleImages:N0}"] : Array.Empty<string>(),
        ];
        return
        [
            new(
                "Against principal components",
                columns,
                [Row("this autoencoder", measures.Errors), Row($"PCA, {RunSummary.Count(model.LatentSize, "component")}", pca)],
                $"Principal components are the best that a linear encoder and decoder can do; these are fitted on the {data.Train.Count:N0} training images. Both keep {RunSummary.Count(model.LatentSize, "number")} of an image."
            ),
        ];

        string[] Row(string name, double[] errors) =>
            [name, Numbers.Loss(errors.Average()), .. article ? [Numbers.Loss(RunMeasures.ArticleMean(errors))] : Array.Empty<string>()];
    }

    private static IEnumerable<ReportNumber> Details(Autoencoder model, DataSet data, RunInfo? info)
    {
        yield return new("data set", data.Name, $"{data.Train.Count:N0} training and {data.Test.Count:N0} test images");
        yield return new(
            "image",
            $"{model.ImageShape.Height} × {model.ImageShape.Width} × {model.ImageShape.Channels}",
            "height × width × channels"
        );
        yield return new("latent size", $"{model.LatentSize:N0}");
        if (model.Info.Calibrated || info is { Calibrated: true })
            yield return new(
                "calibrated",
                "yes",
                "each number of the code shifted and scaled so that the training codes lie within about ±4; the reconstructions are the same"
            );
        if (info is null)
            yield break;
        if (info.Recipe is { } recipe)
            yield return new("recipe", recipe);
        yield return new("seed", $"{info.Seed}");
        yield return new("ended", info.Status, $"after {RunSummary.Count(info.Epochs, "epoch")} and {info.Steps:N0} updates");
        yield return new("threads", $"{info.Threads}", "the results do not depend on it");
        foreach (var (name, value) in Flat(info.Options, ""))
            yield return new(name, value);
        if (info.Data is { } source)
            yield return new("data checksum", source.Checksum, "SHA-256");
        yield return new("made with", $"Latent {info.LatentVersion}, .NET {info.DotnetVersion}");
    }

    private static IEnumerable<(string Name, string Value)> Flat(JsonNode? node, string name)
    {
        string[] said = ["recipe", "seed", "threads"];
        if (node is JsonObject parts)
            return parts
                .Where(part => name.Length > 0 || !said.Contains(part.Key, StringComparer.OrdinalIgnoreCase))
                .SelectMany(part => Flat(part.Value, name.Length == 0 ? part.Key : $"{name}.{part.Key}"));
        if (node is JsonArray { Count: 0 } or null)
            return [];
        return
        [
            (
                name,
                node is JsonArray items
                    ? string.Join(", ", items.Select(item => item?.ToJsonString().Trim('"')))
                    : node.ToJsonString().Trim('"')
            ),
        ];
    }

    private static string LossName(string? name) =>
        name switch
        {
            null or "mse" or "mean_squared_error" => "mean squared error per pixel",
            "bce" or "binary_crossentropy" => "binary cross-entropy per pixel",
            _ => name,
        };
}
