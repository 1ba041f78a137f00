namespace Latent.Training;

/// <summary>A callback made of functions, for a line or two of one's own.</summary>
public sealed class LambdaCallback : Callback
{
    /// <summary>Called before the first epoch.</summary>
    public Action<TrainingContext>? TrainBegin { get; init; }

    /// <summary>Called before each epoch.</summary>
    public Action<TrainingContext>? EpochBegin { get; init; }

    /// <summary>Called before each step.</summary>
    public Action<TrainingContext>? BatchBegin { get; init; }

    /// <summary>Called after each step.</summary>
    public Action<TrainingContext>? BatchEnd { get; init; }

    /// <summary>Called before each validation.</summary>
    public Action<TrainingContext>? ValidationBegin { get; init; }

    /// <summary>Called after each validation.</summary>
    public Action<TrainingContext>? ValidationEnd { get; init; }

    /// <summary>Called after each epoch and its validation.</summary>
    public Action<TrainingContext>? EpochEnd { get; init; }

    /// <summary>Called after the last epoch.</summary>
    public Action<TrainingContext>? TrainEnd { get; init; }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingContext context) => TrainBegin?.Invoke(context);

    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingContext context) => EpochBegin?.Invoke(context);

    /// <inheritdoc/>
    public override void OnBatchBegin(TrainingContext context) => BatchBegin?.Invoke(context);

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingContext context) => BatchEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnValidationBegin(TrainingContext context) => ValidationBegin?.Invoke(context);

    /// <inheritdoc/>
    public override void OnValidationEnd(TrainingContext context) => ValidationEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context) => EpochEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingContext context) => TrainEnd?.Invoke(context);
}
