using Latent.Analysis;
using Latent.Data;
using Latent.Models;

namespace Latent.Training;

/// <summary>
/// Measures at the end of a training what the model's file should say beside the weights: where the training codes lie
/// (<see cref="ModelInfo.Codes"/>), so that new ones can be drawn without the data; and, where the data set has images to validate with, which neither
/// trained the model nor test it, the score that 99 of 100 of them stay below (<see cref="CodecSettings.Threshold"/>). It is no option of the
/// training, which goes on with it or without it.
/// </summary>
/// <param name="data">The data that the model is trained on.</param>
public sealed class ModelMeasures(DataSet data) : Callback
{
    internal override bool OnlyRecords => true;

    /// <inheritdoc/>
    public override void OnFinished(TrainingContext context, TrainingResult result)
    {
        ArgumentNullException.ThrowIfNull(context);
        var model = context.Model;
        foreach (float weight in model.Weights.Values)
            if (!float.IsFinite(weight))
                return; // there is nothing to measure
        model.Info = model.Info with { Codes = CodeSampling.ToKeep(model, data.Train) };
        if (
            data.Validation is { } validation
            && model.GivesImages
            && Codec.ThresholdOf(model, validation) is var threshold
            && double.IsFinite(threshold)
        )
            model.Info = model.Info with { Codec = (model.Info.Codec ?? new()) with { Threshold = threshold } };
    }
}
