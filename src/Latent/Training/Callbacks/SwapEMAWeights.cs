namespace Latent.Training;

/// <summary>
/// Keras's SwapEMAWeights: the training is validated with the averages of the weights, which the optimizer keeps
/// (<see cref="Engine.Optimizer.UseEma"/>), and goes on with the weights themselves. Where the best weights are kept
/// (<see cref="TrainingOptions.KeepBest"/>, <see cref="RunRecorder"/>, <see cref="EarlyStopping.RestoreBestWeights"/>) they are the averages that were validated.
/// </summary>
/// <param name="SwapOnEpoch">
/// Whether the averages stay in the model until the next epoch begins, so that callbacks after this one, such as
/// <see cref="ModelCheckpoint"/>, see them.
/// </param>
public sealed class SwapEMAWeights(bool SwapOnEpoch = false) : Callback
{
    /// <summary>Whether the averages stay in the model until the next epoch begins.</summary>
    public bool SwapOnEpoch { get; } = SwapOnEpoch;

    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingContext context) => Swap(context, averages: false);

    /// <inheritdoc/>
    public override void OnValidationBegin(TrainingContext context) => Swap(context, averages: true);

    /// <inheritdoc/>
    public override void OnValidationEnd(TrainingContext context) => Swap(context, averages: false);

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context)
    {
        if (SwapOnEpoch)
            Swap(context, averages: true);
    }

    private static void Swap(TrainingContext context, bool averages)
    {
        if (context.AveragesInModel != averages)
            context.SwapAverages();
    }
}
