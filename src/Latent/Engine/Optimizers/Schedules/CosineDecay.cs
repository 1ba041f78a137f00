namespace Latent.Engine;

/// <summary>
/// Keras's CosineDecay (Loshchilov and Hutter, 2016): half a cosine from the initial rate to <paramref name="Alpha"/> times it. With a warm-up
/// target the rate first rises linearly from the initial one to the target, and the cosine falls from there.
/// </summary>
/// <param name="InitialLearningRate">The rate at step 0, at least 0.</param>
/// <param name="DecaySteps">The steps of the decay, after the warm-up; at least 1.</param>
/// <param name="Alpha">The part of the rate that is left at the end, at least 0.</param>
/// <param name="WarmUpTarget">The rate at the end of the warm-up, at least 0; null for no warm-up.</param>
/// <param name="WarmUpSteps">The steps of the warm-up, at least 0; of no effect without a target.</param>
public sealed record CosineDecay(
    double InitialLearningRate,
    int DecaySteps,
    double Alpha = 0,
    double? WarmUpTarget = null,
    int WarmUpSteps = 0
) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "cosine-decay";

    /// <inheritdoc/>
    public override double Rate(long iteration)
    {
        float initial = (float)InitialLearningRate,
            at = iteration;
        if (WarmUpTarget is not double given)
            return Falling(initial, at);
        float target = (float)given;
        return at < WarmUpSteps ? (target - initial) * (at / WarmUpSteps) + initial : Falling(target, at - WarmUpSteps);
    }

    private float Falling(float from, float iteration)
    {
        float cosine = 0.5f * (1 + MathF.Cos(MathF.PI * (MathF.Min(iteration, DecaySteps) / DecaySteps)));
        return from * ((float)(1 - Alpha) * cosine + (float)Alpha);
    }

    internal override void Check(OptionChecks checks)
    {
        checks.NotNegative(nameof(InitialLearningRate), InitialLearningRate);
        checks.AtLeast(nameof(DecaySteps), DecaySteps, 1);
        checks.NotNegative(nameof(Alpha), Alpha);
        if (WarmUpTarget is double target)
            checks.NotNegative(nameof(WarmUpTarget), target);
        checks.AtLeast(nameof(WarmUpSteps), WarmUpSteps, 0);
    }
}
