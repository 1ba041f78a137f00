using System.Runtime.InteropServices;
using Latent.Data;
using Latent.Engine;

namespace Latent.Training;

/// <summary>
/// Keeps a run folder up to date as the training goes: after each epoch the model where it is the best so far, the history and the state.
/// Whatever ends the process, the folder has a usable model from the first epoch on. Called after all other callbacks.
/// </summary>
/// <param name="run">The folder.</param>
/// <param name="data">What run.json says of the data.</param>
public sealed class RunRecorder(RunFolder run, RunData? data = null) : Callback
{
    /// <summary>The folder.</summary>
    public RunFolder Run { get; } = run;

    /// <summary>What run.json says of the data.</summary>
    public RunData? Data { get; } = data;

    /// <summary>What run.json says of a data set.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="source">What to give to open it again: a name or a folder; null for its name.</param>
    public static RunData Describe(DataSet data, string? source = null) =>
        new(data.Name, source ?? data.Name, data.Checksum, data.Train.Count, data.Test.Count);

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingContext context)
    {
        Run.WriteInfo(Info(context, "running"));
        Run.WriteHistory([]);
        TrainingState.Capture(context).Write(Run.StatePath, context.Model.Weights.Layout);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context)
    {
        // The state comes last: it says what the other files are at least up to.
        if (context.BestEpoch == context.Epoch + 1)
            SaveModel(context);
        Run.WriteHistory(context.History);
        Run.WriteInfo(Info(context, "running"));
        TrainingState.Capture(context).Write(Run.StatePath, context.Model.Weights.Layout);
    }

    /// <inheritdoc/>
    public override void OnFinished(TrainingContext context, TrainingResult result)
    {
        SaveModel(context);
        Run.WriteInfo(Info(context, result.Stopped.Word) with { Calibrated = result.Calibrated, Seconds = result.Seconds });
    }

    /// <summary>A model that became NaN is of no use, and an older one that lies there is.</summary>
    private void SaveModel(TrainingContext context)
    {
        foreach (float value in context.Model.Weights.Values)
            if (!float.IsFinite(value))
            {
                context.Warn("The weights are not finite numbers: the model is not saved. Try a lower learning rate.");
                return;
            }
        context.SaveModel(Run.ModelPath);
    }

    private RunInfo Info(TrainingContext context, string status)
    {
        var (model, options) = (context.Model, context.Options);
        return new()
        {
            LatentVersion = typeof(RunRecorder).Assembly.GetName().Version?.ToString(3) ?? "",
            DotnetVersion = RuntimeInformation.FrameworkDescription,
            Data = Data,
            Recipe = options.RecipeName,
            ImageShape = [model.ImageShape.Height, model.ImageShape.Width, model.ImageShape.Channels],
            LatentSize = model.LatentSize,
            EncoderParameters = Parameters(model.Weights, model.Encoder.Name),
            DecoderParameters = Parameters(model.Weights, model.Decoder.Name),
            Seed = options.Seed,
            Threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
            Options = OptionsJson.Write(options),
            Status = status,
            Epochs = context.History.Count,
            Steps = context.Step,
            BestEpoch = context.BestEpoch,
            BestValLoss = context.BestValLoss,
            Seconds = options.Clock.GetElapsedTime(context.Started).TotalSeconds,
        };
    }

    private static int Parameters(WeightStore weights, string network) =>
        weights.Layout.Parameters.Where(p => p.Name.StartsWith(network + "/", StringComparison.Ordinal)).Sum(p => p.Count);
}
