namespace Latent.Training;

/// <summary>
/// Keras's LearningRateScheduler: before each epoch a function gives the rate that the schedule shapes. Not with a
/// <see cref="Engine.LearningRateSchedule"/>, which gives the rate itself. A function cannot be read from a file: such a training is resumed with
/// its options. The logs of the epoch have the rate of its last step as "learning_rate".
/// </summary>
/// <param name="Schedule">Gives the rate of an epoch, a number of at least 0, from the epoch (from 0) and the rate so far.</param>
public sealed class LearningRateScheduler(Func<int, double, double> Schedule) : Callback
{
    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingContext context) =>
        context.BaseLearningRate = (float)Schedule(context.Epoch, context.BaseLearningRate);

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context) => context.Logs["learning_rate"] = context.LearningRate;
}
