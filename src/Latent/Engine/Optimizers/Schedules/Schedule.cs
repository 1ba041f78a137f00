namespace Latent.Engine;

/// <summary>
/// The learning rate over the steps. There are two kinds: a <see cref="WarmUpSchedule"/> shapes the optimizer's own rate over the length of the
/// training; a <see cref="LearningRateSchedule"/>, Keras's kind, gives the rate itself, whatever the optimizer's and however long the training.
/// </summary>
public abstract record Schedule
{
    /// <summary>The short name: "constant", "one-cycle", "exponential".</summary>
    public abstract string Name { get; }

    /// <summary>What the optimizer's own rate is multiplied with at a step.</summary>
    /// <param name="iteration">The step, from 0.</param>
    /// <param name="total">All steps of the training, at least 1.</param>
    /// <param name="learningRate">The optimizer's own rate, above 0.</param>
    /// <exception cref="LatentException">A schedule of your own gives a rate that is no number of at least 0.</exception>
    public abstract double Factor(long iteration, long total, double learningRate);

    /// <summary>Finds what is wrong with the options.</summary>
    internal virtual void Check(OptionChecks checks) { }
}
