namespace Latent.Engine;

/// <summary>
/// Keras's kind of schedule: the learning rate itself at each step, in place of the optimizer's own and whatever the length of the training. The
/// steps are those of the training, from 0. The ones here compute in single precision, as Keras does. With an optimizer of several rates
/// (<see cref="Muon"/>) the others keep their ratio to the first.
/// </summary>
public abstract record LearningRateSchedule : Schedule
{
    /// <summary>The learning rate at a step, a number of at least 0.</summary>
    /// <param name="iteration">The step, from 0.</param>
    public abstract double Rate(long iteration);

    /// <inheritdoc/>
    public sealed override double Factor(long iteration, long total, double learningRate)
    {
        double rate = Rate(iteration);
        return rate >= 0 && double.IsFinite(rate)
            ? rate / learningRate
            : throw new LatentException(
                $"The schedule '{Name}' gives no learning rate at step {iteration}.",
                "a number of at least 0",
                $"{rate}",
                "check what it computes"
            );
    }
}
