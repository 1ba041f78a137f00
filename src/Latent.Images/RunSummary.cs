using Latent.Analysis;
using Latent.Data;
using Latent.Models;
using Latent.Training;

namespace Latent.Images;

/// <summary>A model and its data set as figures and a report.</summary>
internal sealed record RunSummary(IReadOnlyList<(string Name, Figure Figure)> Figures, Report Report)
{
    public static RunSummary Of(
        Autoencoder model,
        DataSet data,
        RunInfo? info,
        IReadOnlyList<EpochResult> history,
        FigureOptions options,
        double[]? errors = null
    )
    {
        options.Validate();
        model.RequireImages();
        if (data.Test.Shape != model.ImageShape)
            throw new LatentException(
                $"The images of '{data.Name}' have another shape than the model's.",
                $"{model.ImageShape}",
                $"{data.Test.Shape}",
                "give the data set that the model was trained on"
            );
        // what takes longest goes on beside the drawing
        var baseline = Task.Run(() => RunMeasures.Baseline(data, model.LatentSize));
        var measures = RunMeasures.Of(model, data.Test, errors) with { TestJudges = data.Validation is null };
        var quality = Task.Run(() => RunQuality.Of(model, data, measures.Errors, measures.Codes));
        var explorer = Task.Run(() => RunExplorer.Of(model, data.Test, measures.Codes));
        var samples = Task.Run(() => measures.Plane is null ? null : RunSamples.Of(model, data, options));
        // a model may be drawn with images that it was not trained for: then nothing of the training is said of these
        var trainedOn = info?.Data is { } source && source.Checksum != data.Checksum ? source : null;
        string? loss = RunReport.LossName(model, info);
        List<(string Name, ReportFigure Part)> parts = [.. Parts(model, data, trainedOn, loss, history, measures, options)];
        if (samples.GetAwaiter().GetResult() is { } sampled)
            parts.Add(("samples", sampled));
        Task.WhenAll(parts.Select(part => Task.Run(() => part.Part.Figure.Png))).GetAwaiter().GetResult();
        measures = measures with { PcaErrors = baseline.GetAwaiter().GetResult(), Quality = quality.GetAwaiter().GetResult() };
        var report = RunReport.Write(model, data, trainedOn, info, history, measures) with
        {
            Figures = [.. parts.Select(part => part.Part)],
            Explorer = explorer.GetAwaiter().GetResult(),
        };
        return new([.. parts.Select(part => (part.Name, part.Part.Figure))], report);
    }

    private static IEnumerable<(string, ReportFigure)> Parts(
        Autoencoder model,
        DataSet data,
        RunData? trainedOn,
        string? loss,
        IReadOnlyList<EpochResult> history,
        RunMeasures measures,
        FigureOptions options
    )
    {
        bool drawable = !model.ImageShape.IsVector && model.ImageShape.Channels is 1 or 3;
        if (drawable)
        {
            yield return (
                "examples",
                new(
                    "The images",
                    Images.Figures.Examples(data.Test, options, "test"),
                    trainedOn is null
                        ? $"What the model sees: images of {data.Name}, from the test part, which it was not trained on."
                        : $"What the model sees: images of {data.Name}, from the test part. It was trained on other images, {trainedOn.Name}."
                )
            );
            float[] reconstructions = model.Reconstruct(data.Test.Take(options.Reconstructions));
            yield return (
                "reconstructions",
                new(
                    "What comes back",
                    Images.Figures.Reconstructions(data.Test, reconstructions, options, "test"),
                    $"Each image above is squeezed into a code of {Words.Count(model.LatentSize, "number")}, and the one below is made from that code alone. What differs is what the code could not hold."
                )
            );
        }
        if (history.Count > 0)
            yield return (
                "loss",
                new(
                    "How it learned",
                    Images.Figures.LossCurve(history, options, loss),
                    "The loss on the training images is the mean over an epoch in which the weights were still moving; val_loss is measured at the epoch's end, on images that were not trained on. The weights of the best epoch are the model's."
                )
            );
        if (measures.Plane is not { } plane)
            yield break;

        var shown = data.Test.Take(options.Count);
        string said = $"{data.Name}: {Words.First(shown.Count, data.Test.Count, "test code")}";
        var codes = options.Round ? model.Encode(shown.Rounded()) : measures.Codes[..(shown.Count * model.LatentSize)];
        yield return (
            "latent-scatter",
            new(
                "Where the codes lie",
                Images.Figures.LatentScatter(plane, codes, shown.Labels, shown.LabelNames, options, said),
                ScatterCaption(plane, codes, shown, options)
            )
        );
        if (drawable)
            yield return (
                "latent-grid",
                new(
                    "What codes mean",
                    Images.Figures.LatentGrid(plane, codes => model.Decode(codes), model.ImageShape, options),
                    GridCaption(plane, options)
                )
            );
    }

    private static string ScatterCaption(CodePlane plane, float[] codes, ImageSet shown, FigureOptions options)
    {
        string point = options.Round
            ? "Each point is the code of a test image whose pixels were rounded to black or white."
            : "Each point is the code of a test image.";
        string color = shown.HasLabels
            ? " The model never saw the labels: where a colour keeps together, it found by itself that these images are alike."
            : "";
        string axes = plane.IsPrincipal
            ? $" A code has {plane.LatentSize} numbers; the axes are the two directions in which the codes of all test images vary most, so what looks mixed here may be apart in the other directions."
            : "";
        bool flat = plane.LatentSize == 1;
        string square = ScatterFrame.Of(plane.Project(codes), [.. shown.Labels], options.Range, flat).Holds(options.Range, flat)
            ? $" The dashed {(flat ? "lines are" : "square is")} at ±{options.Range:0.##}; within, the first grid below decodes {Images.Figures.EvenSaid(options)}."
            : "";
        return point + color + axes + square;
    }

    private static string GridCaption(CodePlane plane, FigureOptions options)
    {
        string where = plane.IsPrincipal
            ? "Codes on a regular grid in the plane of the two principal components, decoded; all other directions stay at the mean."
            : "Codes on a regular grid, decoded.";
        string even = Images.Figures.EvenSaid(options) + (options is { Range: 5, Steps: 10 } ? " (the article's loop)" : "");
        return $"{where} Neighbours change little by little: the model has learned a continuous space, not a list. The first grid decodes {even}, whatever the codes do; the second covers where 98 % of the test images' codes lie along each axis.";
    }
}
