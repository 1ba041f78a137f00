using Latent.Models;

namespace Latent.Training;

/// <summary>
/// Saves the model after each epoch, or after some batches, or after those that are the best so far, with Keras's rules.
/// </summary>
/// <param name="FilePath">
/// The file, ending in .safetensors. {epoch} (from 1) and the numbers of the logs may stand in it, with Python's formats:
/// "z10-{epoch:02d}-{val_loss:.4f}.safetensors"; with <see cref="SaveFrequency"/> also {batch}, from 1 in each epoch. Folders are made.
/// </param>
public sealed class ModelCheckpoint(string FilePath) : Callback
{
    private double? _best;
    private bool _started;
    private int _batches; // since the last saving

    /// <summary>The file, with its placeholders.</summary>
    public string FilePath { get; } = FilePath;

    /// <summary>The number of the logs that says what is best.</summary>
    public string Monitor { get; init; } = "val_loss";

    /// <summary>Whether lower or higher is better.</summary>
    public MonitorMode Mode { get; init; }

    /// <summary>Whether only models that are better than all before are saved.</summary>
    public bool SaveBestOnly { get; init; }

    /// <summary>Whether the file has the weights alone, without the description of the networks.</summary>
    public bool SaveWeightsOnly { get; init; }

    /// <summary>What a model must beat to be the best; null for nothing.</summary>
    public double? InitialValueThreshold { get; init; }

    /// <summary>
    /// After so many batches, counted on from epoch to epoch, in place of after each epoch; null for epochs. The logs have no val_loss there.
    /// </summary>
    public int? SaveFrequency { get; init; }

    /// <summary>The best number so far; as in Keras it is kept when the callback is used for another training.</summary>
    public double? Best => _started ? _best : InitialValueThreshold;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (FilePath?.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) != true)
            yield return $"ModelCheckpoint.FilePath must end in .safetensors; it is '{FilePath}'.";
        else if (FileNameTemplate.Problem(FilePath) is string problem)
            yield return $"ModelCheckpoint.FilePath '{FilePath}': {problem}.";
        if (SaveFrequency < 1)
            yield return $"ModelCheckpoint.SaveFrequency must be at least 1; it is {SaveFrequency}.";
        if (SaveBestOnly)
            foreach (string rule in ImprovementRule.Problems(nameof(ModelCheckpoint), Monitor, Mode))
                yield return rule;
    }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingContext context) => _batches = 0;

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingContext context)
    {
        if (SaveFrequency is not int batches || ++_batches < batches)
            return;
        _batches = 0;
        var logs = new Dictionary<string, double>(context.Logs, StringComparer.Ordinal) { ["batch"] = context.Batch + 1 };
        Save(context, FileNameTemplate.Fill(FilePath, context.Epoch + 1, logs));
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context)
    {
        if (SaveFrequency is null)
            Save(context, FileNameTemplate.Fill(FilePath, context.Epoch + 1, context.Logs));
    }

    private void Save(TrainingContext context, string path)
    {
        if (!ShouldSave(context))
            return;
        if (SaveWeightsOnly)
            SafeTensors.Write(
                path,
                context.Model.Weights.Layout.Parameters.Select(p =>
                    KeyValuePair.Create(p.Name, Tensor.FromFloats(context.Model.Weights[p], p.Weight.Shape))
                )
            );
        else
            context.SaveModel(path);
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        state.Set("best", Best);
        state.Set("batches", _batches);
    }

    /// <inheritdoc/>
    public override void LoadState(CallbackState state, TrainingContext context) =>
        (_best, _started, _batches) = (state.Number("best"), true, (int)state.Whole("batches"));

    private bool ShouldSave(TrainingContext context)
    {
        if (!SaveBestOnly)
            return true;
        if (!context.Logs.TryGetValue(Monitor, out double current))
        {
            context.Warn($"ModelCheckpoint cannot tell the best model: '{Monitor}' is not there. The model is saved.");
            return true;
        }
        if (!ImprovementRule.IsImprovement(current, Best, Mode))
            return false;
        (_best, _started) = (current, true);
        return true;
    }
}
