namespace Latent.Training;

/// <summary>
/// Where a training is. Reported about ten times a second, after the 20th step, and at the end of each epoch with
/// <see cref="Completed"/> set.
/// </summary>
public sealed record TrainingProgress
{
    /// <summary>The current epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The most epochs there can be.</summary>
    public required int Epochs { get; init; }

    /// <summary>Steps done in this epoch.</summary>
    public required int Step { get; init; }

    /// <summary>Steps of this epoch.</summary>
    public required int StepsInEpoch { get; init; }

    /// <summary>Steps done since the start.</summary>
    public required long TotalStep { get; init; }

    /// <summary>All steps, if no callback ends the training sooner.</summary>
    public required long TotalSteps { get; init; }

    /// <summary>The mean loss of the epoch so far.</summary>
    public required double Loss { get; init; }

    /// <summary>The last step's loss.</summary>
    public required double StepLoss { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The pace of the last seconds, or, with <see cref="Completed"/>, of all steps of that epoch; validation not counted; 0 while unknown.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Time since the start.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Estimated time to the end, if no callback ends the training sooner; null in the first 20 steps.</summary>
    public required TimeSpan? Remaining { get; init; }

    /// <summary>The lowest validation loss so far.</summary>
    public double? BestValLoss { get; init; }

    /// <summary>The epoch that just ended; null within an epoch.</summary>
    public EpochResult? Completed { get; init; }
}
