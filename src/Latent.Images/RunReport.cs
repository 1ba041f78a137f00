using System.Globalization;
using System.Text.Json;
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
    /// <param name="model">The model.</param>
    /// <param name="data">The images that it is drawn and measured with.</param>
    /// <param name="trainedOn">What it was trained on, where that is not <paramref name="data"/>.</param>
    /// <param name="info">The training, where it is known.</param>
    /// <param name="history">Its epochs.</param>
    /// <param name="measures">What was measured with the data.</param>
    public static Report Write(
        Autoencoder model,
        DataSet data,
        RunData? trainedOn,
        RunInfo? info,
        IReadOnlyList<EpochResult> history,
        RunMeasures measures
    )
    {
        int epochs = info?.Epochs ?? history.Count;
        string?[] subtitle =
        [
            "An autoencoder",
            (info?.Recipe ?? model.Info.Recipe) is { } recipe ? $"recipe {recipe}" : null,
            epochs > 0 ? Words.Count(epochs, "epoch") : null,
            info is null ? null : $"seed {info.Seed}",
            info is { Status: not ("finished" or "early") } ? $"training {info.Status}" : null,
            trainedOn is null ? null : $"drawn with other images, {data.Name}",
        ];
        return new()
        {
            Title = $"{trainedOn?.Name ?? data.Name}, {Words.Count(model.LatentSize, "latent number")}",
            Subtitle = string.Join(" · ", subtitle.OfType<string>()),
            Headline = [.. Headline(model, data, trainedOn, info, history, measures)],
            Tables = Tables(model, data, trainedOn, measures),
            History = history,
            Details = [.. Details(model, data, trainedOn, info)],
        };
    }

    private static IEnumerable<ReportNumber> Headline(
        Autoencoder model,
        DataSet data,
        RunData? trainedOn,
        RunInfo? info,
        IReadOnlyList<EpochResult> history,
        RunMeasures measures
    )
    {
        double? valLoss = info?.BestValLoss ?? model.Info.ValLoss;
        int? epoch = info is { BestEpoch: > 0 } ? info.BestEpoch : model.Info.Epoch;
        string loss = $"{Words.Loss(LossName(model, info))} per pixel";
        if (trainedOn is not null)
            yield return new(
                $"error on the images of {data.Name}",
                Numbers.Loss(measures.MeanError),
                $"mean squared error per pixel, {Words.All(data.Test.Count, "test image")}"
            );
        else
            yield return valLoss is { } v
                ? new("val_loss", Numbers.Loss(v), epoch is { } e ? $"after epoch {e}, {loss}" : loss)
                : new("error on the test images", Numbers.Loss(measures.MeanError), "mean squared error per pixel");
        if (measures.WholeBatchesError is { } whole)
            yield return new(
                $"on the first {measures.WholeImages:N0}",
                Numbers.Loss(whole),
                $"mean squared error; whole batches of {Recipes.ArticleBatchSize}, as the article validates"
            );
        if (measures.PcaErrors is { } pca)
            yield return new(
                "PCA of the same size",
                Numbers.Loss(pca.Average()),
                $"{pca.Average() / measures.MeanError:0.0} times the model's error"
            );
        if (info is { Seconds: > 0 })
            yield return new("training", Numbers.Duration(info.Seconds), Words.Count(info.Epochs, "epoch"));
        else if (history.Count > 0)
            yield return new("training", Numbers.Duration(history.Sum(h => h.Seconds)), Words.Count(history.Count, "epoch"));
        int encoder = new ParameterLayout(model.Encoder).Count;
        int decoder = new ParameterLayout(model.Decoder).Count;
        yield return new("parameters", $"{encoder + decoder:N0}", $"encoder {encoder:N0}, decoder {decoder:N0}");

        if (measures.Quality?.NeighbourAccuracy is { } accuracy)
            yield return new(
                "labels told by neighbours",
                Numbers.Percent(accuracy),
                $"of {Words.First(RunQuality.MostAsked, data.Test.Count, "test code")}: the {RunQuality.Neighbours} nearest of {Words.First(RunQuality.MostKnown, data.Train.Count, "training code")} vote"
            );
        var compression = new Compression(model.ImageShape, model.LatentSize);
        yield return new(
            "compression in numbers",
            $"{compression.NumbersRatio:0.0}",
            $"{model.ImageShape.Size:N0} pixel values to {Words.Count(model.LatentSize, "number")}"
        );
        yield return new(
            "compression in bytes",
            $"{compression.BytesRatio:0.0}",
            $"{compression.ImageBytes:N0} bytes to {compression.CodeBytes:N0}: codes are 32-bit floats"
        );
        yield return new(
            "codes inside ±5",
            Numbers.Percent(CodeStatistics.ShareInside(measures.Codes, model.LatentSize, 5)),
            $"of {Words.All(data.Test.Count, "test image")}"
                + (
                    model.LatentSize switch
                    {
                        1 => "",
                        2 => ": both numbers within",
                        int all => $": every one of the {all:N0} numbers within",
                    }
                )
        );
    }

    private static ReportTable[] Tables(Autoencoder model, DataSet data, RunData? trainedOn, RunMeasures measures) =>
        [.. Baseline(model, data, trainedOn, measures), .. Quality(measures)];

    private static IEnumerable<ReportTable> Baseline(Autoencoder model, DataSet data, RunData? trainedOn, RunMeasures measures)
    {
        if (measures.PcaErrors is not { } pca)
            yield break;
        bool article = measures.WholeBatchesError is not null;
        string[] columns =
        [
            "mean squared error per pixel",
            Words.All(data.Test.Count, "test image"),
            .. article ? [$"first {measures.WholeImages:N0}"] : Array.Empty<string>(),
        ];
        string training =
            (data.Train.Count == 1 ? "the " : "")
            + Words.All(data.Train.Count, "training image")
            + (trainedOn is null ? "" : $" of {data.Name}");
        yield return new(
            "Against principal components",
            columns,
            [Row("this autoencoder", measures.Errors), Row($"PCA, {Words.Count(model.LatentSize, "component")}", pca)],
            $"Principal components are the best that a linear encoder and decoder can do; these are fitted on {training}. Both keep {Words.Count(model.LatentSize, "number")} of an image."
        );

        string[] Row(string name, double[] errors) =>
            [name, Numbers.Loss(errors.Average()), .. article ? [Numbers.Loss(measures.OverWholeBatches(errors))] : Array.Empty<string>()];
    }

    private static IEnumerable<ReportTable> Quality(RunMeasures measures)
    {
        if (measures.Quality is not { } quality)
            yield break;
        bool similar = quality.SimilarityImages > 0;
        string[] columns =
        [
            quality.Rows.Count > 1 ? "label" : "",
            "test images",
            "mean squared error",
            "PSNR in dB",
            .. similar ? ["SSIM"] : Array.Empty<string>(),
        ];
        string note =
            "PSNR is the mean of the images' peak signal-to-noise ratios"
            + (
                similar
                    ? $"; SSIM, the structural similarity, is of {Words.First(quality.SimilarityImages, measures.Errors.Length, "test image")}"
                    : ""
            )
            + ".";
        yield return new(
            quality.Rows.Count > 1 ? "Reconstructions, by label" : "Reconstructions",
            columns,
            [
                .. quality.Rows.Select(row =>
                    (string[])
                        [
                            row.Name,
                            $"{row.Images:N0}",
                            Numbers.Loss(row.MeanSquaredError),
                            $"{row.Psnr:0.00}",
                            .. similar ? [row.Similarity is { } s ? $"{s:0.000}" : "–"] : Array.Empty<string>(),
                        ]
                ),
            ],
            note
        );
    }

    private static IEnumerable<ReportNumber> Details(Autoencoder model, DataSet data, RunData? trainedOn, RunInfo? info)
    {
        if (trainedOn is not null)
            yield return new("trained on", trainedOn.Name, Images(trainedOn.TrainImages, trainedOn.TestImages));
        yield return new(trainedOn is null ? "data set" : "drawn with", data.Name, Images(data.Train.Count, data.Test.Count));
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
        if (trainedOn is not null && info.BestValLoss is { } valLoss)
            yield return new("val_loss", Numbers.Loss(valLoss), $"on the test images of {trainedOn.Name}, after epoch {info.BestEpoch}");
        yield return new("seed", $"{info.Seed}");
        yield return new("ended", info.Status, $"after {Words.Count(info.Epochs, "epoch")} and {info.Steps:N0} updates");
        yield return new("threads", info.Threads > 0 ? $"{info.Threads}" : "one per core", "the results do not depend on it");
        foreach (var (name, value) in Flat(info.Options, ""))
            yield return new(name, value);
        if (info.Data is { } source)
            yield return new(trainedOn is null ? "data checksum" : "checksum of the training's data", source.Checksum, "SHA-256");
        if (trainedOn is not null)
            yield return new("checksum of the data drawn", data.Checksum, "SHA-256");
        yield return new("made with", $"Latent {info.LatentVersion}, {info.DotnetVersion}");
    }

    private static string Images(int train, int test) => $"{Words.Count(train, "training image")} and {Words.Count(test, "test image")}";

    private static IEnumerable<(string Name, string Value)> Flat(JsonNode? node, string name)
    {
        string[] said = ["recipe", "seed", "threads"];
        if (node is JsonObject parts)
            return parts
                .Where(part => name.Length > 0 || !said.Contains(part.Key, StringComparer.OrdinalIgnoreCase))
                .SelectMany(part => Flat(part.Value, name.Length == 0 ? part.Key : $"{name}.{part.Key}"));
        if (node is JsonArray { Count: 0 } or null)
            return [];
        return [(name, node is JsonArray items ? string.Join(", ", items.Select(item => item is null ? "" : Said(item))) : Said(node))];

        static string Said(JsonNode value) =>
            value.GetValueKind() == JsonValueKind.Number
                ? Numbers.Plain(double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture))
                : value.ToJsonString().Trim('"');
    }

    /// <summary>The short name of the loss that was trained with; null where nothing says it.</summary>
    public static string? LossName(Autoencoder model, RunInfo? info) =>
        model.Info.Loss ?? (info?.Options["loss"] is JsonValue value && value.TryGetValue(out string? name) ? name : null);
}
