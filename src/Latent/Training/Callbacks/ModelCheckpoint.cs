using Latent.Models;

namespace Latent.Training;

/// <summary>Saves the model after each epoch, or after those that are the best so far, with Keras's rules.</summary>
/// <param name="FilePath">
/// The file, ending in .safetensors. {epoch} (from 1) and the numbers of the logs may stand in it, with Python's formats:
/// "z10-{epoch:02d}-{val_loss:.4f}.safetensors". Folders are made.
/// </param>
public sealed class ModelCheckpoint(string FilePath) : Callback
{
    private double? _best;
    private bool _started;

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

    /// <summary>The best number so far; as in Keras it is kept when the callback is used for another training.</summary>
    public double? Best => _started ? _best : InitialValueThreshold;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (FilePath?.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) != true)
            yield return $"ModelCheckpoint.FilePath must end in .safetensors; it is '{FilePath}'.";
        else if (FileNameTemplate.Problem(FilePath) is string problem)
            yield return $"ModelCheckpoint.FilePath '{FilePath}': {problem}.";
        if (SaveBestOnly)
            foreach (string rule in ImprovementRule.Problems(nameof(ModelCheckpoint), Monitor, Mode))
                yield return rule;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context)
    {
        string path = FileNameTemplate.Fill(FilePath, context.Epoch + 1, context.Logs);
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
    public override void SaveState(CallbackState state) => state.Set("best", Best);

    /// <inheritdoc/>
    public override void LoadState(CallbackState state, TrainingContext context) => (_best, _started) = (state.Number("best"), true);

    private bool ShouldSave(TrainingContext context)
    {
        if (!SaveBestOnly)
            return true;
        if (!context.Logs.TryGetValue(Monitor, out double current))
        {
            context.Warn($"ModelCheckpoint cannot tell the best model: '{Monitor}' is not there. This epoch's model is saved.");
            return true;
        }
        if (!ImprovementRule.IsImprovement(current, Best, Mode))
            return false;
        (_best, _started) = (current, true);
        return true;
    }
}
