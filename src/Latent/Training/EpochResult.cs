namespace Latent.Training;

/// <summary>What one epoch came to.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Loss">
/// The mean loss of the epoch's images while the weights moved: the steps' losses weighted with their batch sizes, as Keras reports it.
/// </param>
/// <param name="ValLoss">The mean loss of the validation images with the weights at the epoch's end; null without such images.</param>
/// <param name="LearningRate">The optimizer's rate times the schedule's factor, at the epoch's last step.</param>
/// <param name="Seconds">The epoch's time with its validation, without what callbacks do at its end.</param>
/// <param name="Metrics">Further numbers that callbacks added to the logs, by name.</param>
public sealed record EpochResult(
    int Epoch,
    double Loss,
    double? ValLoss,
    double LearningRate,
    double Seconds,
    IReadOnlyDictionary<string, double> Metrics
);
