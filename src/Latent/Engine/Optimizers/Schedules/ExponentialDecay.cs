namespace Latent.Engine;

/// <summary>Keras's ExponentialDecay: initial · decay^(step / steps).</summary>
/// <param name="InitialLearningRate">The rate at step 0, at least 0.</param>
/// <param name="DecaySteps">The steps in which the rate falls once by the decay, at least 1.</param>
/// <param name="DecayRate">The factor per so many steps, above 0.</param>
/// <param name="Staircase">Whether the exponent is rounded down to a whole number.</param>
public sealed record ExponentialDecay(double InitialLearningRate, int DecaySteps, double DecayRate, bool Staircase = false)
    : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "exponential";

    /// <inheritdoc/>
    public override double Rate(long iteration)
    {
        float part = (float)iteration / DecaySteps;
        return (float)InitialLearningRate * MathF.Pow((float)DecayRate, Staircase ? MathF.Floor(part) : part);
    }

    internal override void Check(OptionChecks checks)
    {
        checks.NotNegative(nameof(InitialLearningRate), InitialLearningRate);
        checks.AtLeast(nameof(DecaySteps), DecaySteps, 1);
        checks.Positive(nameof(DecayRate), DecayRate);
    }
}
