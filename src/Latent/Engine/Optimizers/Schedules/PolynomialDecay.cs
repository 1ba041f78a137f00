namespace Latent.Engine;

/// <summary>Keras's PolynomialDecay: (initial − end) · (1 − step / steps)^power + end; after the last of these steps it stays at the end.</summary>
/// <param name="InitialLearningRate">The rate at step 0, at least 0.</param>
/// <param name="DecaySteps">The steps of the decay, at least 1.</param>
/// <param name="EndLearningRate">The rate at the end, at least 0.</param>
/// <param name="Power">The exponent, above 0; 1 is a straight line.</param>
/// <param name="Cycle">
/// Whether it begins anew after its end: the steps are then the least multiple of the given ones that has not been passed.
/// </param>
public sealed record PolynomialDecay(
    double InitialLearningRate,
    int DecaySteps,
    double EndLearningRate = 1e-4,
    double Power = 1,
    bool Cycle = false
) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "polynomial";

    /// <inheritdoc/>
    public override double Rate(long iteration)
    {
        float at = iteration,
            steps = DecaySteps,
            end = (float)EndLearningRate;
        if (!Cycle)
            at = MathF.Min(at, steps);
        else if (iteration > 0)
            steps *= MathF.Ceiling(at / steps);
        return ((float)InitialLearningRate - end) * MathF.Pow(1 - at / steps, (float)Power) + end;
    }

    internal override void Check(OptionChecks checks)
    {
        checks.NotNegative(nameof(InitialLearningRate), InitialLearningRate);
        checks.AtLeast(nameof(DecaySteps), DecaySteps, 1);
        checks.NotNegative(nameof(EndLearningRate), EndLearningRate);
        checks.Positive(nameof(Power), Power);
    }
}
