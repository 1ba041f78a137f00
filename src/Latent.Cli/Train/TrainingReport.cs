using System.Text.Json.Nodes;
using Latent.Cli.Output;
using Latent.Data;
using Latent.Models;
using Latent.Training;

namespace Latent.Cli.Train;

/// <summary>What a finished training came to, for people, for logs and for machines.</summary>
internal sealed class TrainingReport
{
    private readonly DataSet _data;
    private readonly Autoencoder _model;
    private readonly TrainingOptions _options;
    private readonly RunFolder _run;
    private readonly TrainingResult _result;
    private readonly bool _figures;
    private readonly string _source;

    /// <param name="data">The data.</param>
    /// <param name="model">The model of the best epoch.</param>
    /// <param name="options">How it was trained.</param>
    /// <param name="run">Where it is.</param>
    /// <param name="result">How it went.</param>
    /// <param name="figures">Whether pictures were drawn.</param>
    /// <param name="source">The data's name or folder.</param>
    /// <param name="losses">The model's loss of each test image; null where there is no model.</param>
    public TrainingReport(
        DataSet data,
        Autoencoder model,
        TrainingOptions options,
        RunFolder run,
        TrainingResult result,
        bool figures,
        string source,
        double[]? losses
    )
    {
        (_data, _model, _options, _run, _result, _figures, _source) = (data, model, options, run, result, figures, source);
        ValImages = options.ValidationCount(data.ValidationOrTest.Count);
        // the article validates on whole batches: its figure beside ours, where ours is of more images
        WholeImages = ImageSet.WholeBatches(data.Test.Count, Recipes.ArticleBatchSize);
        if (data.Validation is null && WholeImages > 0 && WholeImages < ValImages && result.BestValLoss is not null)
            WholeLoss = losses?.Take(WholeImages).Average();
    }

    private int ValImages { get; }

    private int WholeImages { get; }

    private double? WholeLoss { get; }

    public void WriteText(TextWriter writer)
    {
        writer.WriteLine();
        if (_result.BestValLoss is { } val)
            writer.WriteLine(
                $"val_loss  {Numbers.Loss(val)} on {ValImages:N0} images, epoch {_result.BestEpoch}"
                    + (WholeLoss is { } whole ? $"; {Numbers.Loss(whole)} on the first {WholeImages:N0}, as the article counts" : "")
            );
        writer.WriteLine(
            $"time      {Numbers.Time(TimeSpan.FromSeconds(_result.Seconds))} for {_result.Steps:N0} steps in {Numbers.Count(_result.History.Count, "epoch")}"
        );
        string run = Paths.Quoted(_run.Path);
        writer.WriteLine($"model     {Paths.Shown(_run.ModelPath)}");
        if (_figures)
        {
            writer.WriteLine($"pictures  {Paths.Shown(_run.FiguresPath)}");
            writer.WriteLine($"report    {Paths.Shown(_run.ReportPath)}");
        }
        writer.WriteLine();
        writer.WriteLine("Next");
        (string Line, string Purpose)[] next =
        [
            ($"latent show {run} --count 5000", "Draw the pictures again, with other options"),
            ($"latent reconstruct {run} {Data}", "Images through the code and back"),
            ($"latent encode {run} {Data} --out codes.csv", "The codes of the test images"),
        ];
        int width = next.Max(row => row.Line.Length);
        foreach (var (line, purpose) in next)
            writer.WriteLine($"  {line.PadRight(width)}  {purpose}");
    }

    private string Data => Paths.Quoted(_source);

    public void WriteLine(TextWriter writer) =>
        writer.WriteLine(
            $"run={Paths.Shown(_run.Path)} status={_result.Stopped.Word}"
                + (_result.BestValLoss is { } val ? $" val_loss={Numbers.Loss(val)}" : "")
                + (WholeLoss is { } whole ? $" val_loss_{WholeImages}={Numbers.Loss(whole)}" : "")
                + $" best_epoch={_result.BestEpoch} epochs={_result.History.Count} steps={_result.Steps} seconds={_result.Seconds:F1}"
                + (_figures ? $" report={Paths.Shown(_run.ReportPath)}" : "")
        );

    public JsonObject ToJson() =>
        new()
        {
            ["run"] = _run.Path,
            ["status"] = _result.Stopped.Word,
            ["data"] = new JsonObject
            {
                ["name"] = _data.Name,
                ["checksum"] = _data.Checksum,
                ["train_images"] = _data.Train.Count,
                ["validation_images"] = _data.Validation?.Count,
                ["test_images"] = _data.Test.Count,
            },
            ["latent"] = _model.LatentSize,
            ["image"] = Json.Of(_model.ImageShape),
            ["parameters"] = _model.Weights.Layout.Count,
            ["recipe"] = _options.RecipeName,
            ["seed"] = _options.Seed,
            ["epochs"] = _result.History.Count,
            ["steps"] = _result.Steps,
            ["best_epoch"] = _result.BestEpoch,
            ["val_loss"] = Json.Number(_result.BestValLoss),
            ["val_images"] = ValImages,
            ["val_loss_whole_batches"] = Json.Number(WholeLoss ?? _result.BestValLoss),
            ["val_images_whole_batches"] = WholeLoss is null ? ValImages : WholeImages,
            ["calibrated"] = _result.Calibrated,
            ["seconds"] = Json.Number(Math.Round(_result.Seconds, 3)),
            ["model"] = File.Exists(_run.ModelPath) ? _run.ModelPath : null, // what diverged at once has none
            ["figures"] = _figures ? _run.FiguresPath : null,
            ["report"] = _figures ? _run.ReportPath : null,
            ["history"] = new JsonArray([.. _result.History.Select(Epoch)]),
            ["step_losses"] = _options.LogSteps ? new JsonArray([.. _result.StepLosses.Select(loss => Json.Number(loss))]) : null,
            ["warnings"] = new JsonArray([.. _result.Warnings.Select(warning => JsonValue.Create(warning))]),
        };

    private static JsonObject Epoch(EpochResult epoch)
    {
        var node = new JsonObject
        {
            ["epoch"] = epoch.Epoch,
            ["loss"] = Json.Number(epoch.Loss),
            ["val_loss"] = Json.Number(epoch.ValLoss),
            ["learning_rate"] = Json.Number(epoch.LearningRate),
        };
        foreach (var (name, value) in epoch.Metrics)
            node[name] = Json.Number(value);
        node["seconds"] = Json.Number(Math.Round(epoch.Seconds, 3));
        return node;
    }
}
