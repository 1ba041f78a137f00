namespace Latent.Engine;

/// <summary>Keras's InverseTimeDecay: initial / (1 + decay · step / steps).</summary>
/// <param name="InitialLearningRate">The rate at step 0, at least 0.</param>
/// <param name="DecaySteps">The steps in which the divisor grows once by the decay, at least 1.</param>
/// <param name="DecayRate">By how much the divisor grows, at least 0.</param>
/// <param name="Staircase">Whether step / steps is rounded down to a whole number.</param>
public sealed record InverseTimeDecay(double InitialLearningRate, int DecaySteps, double DecayRate, bool Staircase = false)
    : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "inverse-time";

    /// <inheritdoc/>
    public override double Rate(long iteration)
    {
        float part = (float)iteration / DecaySteps;
        return (float)InitialLearningRate / (1 + (float)DecayRate * (Staircase ? MathF.Floor(part) : part));
    }

    internal override void Check(OptionChecks checks)
    {
        checks.NotNegative(nameof(InitialLearningRate), InitialLearningRate);
        checks.AtLeast(nameof(DecaySteps), DecaySteps, 1);
        checks.NotNegative(nameof(DecayRate), DecayRate);
    }
}
