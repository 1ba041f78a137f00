namespace Latent.Engine;

/// <summary>A factor of the optimizer's own rate that depends on how much of the training is done, after a linear warm-up.</summary>
/// <param name="WarmUp">Steps of linear warm-up at the start: step t of them has the factor (t + 1) / (WarmUp + 1).</param>
public abstract record WarmUpSchedule(int WarmUp) : Schedule
{
    /// <summary>The warm-up is at most this part of all steps, 0 to 1; the rest of it falls away in a short training.</summary>
    public double WarmUpPart { get; init; } = 1;

    /// <summary>The factor at a step.</summary>
    /// <param name="iteration">The step, from 0.</param>
    /// <param name="total">All steps of the training, at least 1.</param>
    public double Factor(long iteration, long total)
    {
        long warmUp = Math.Min(WarmUp, (long)(total * WarmUpPart));
        if (iteration < warmUp)
            return (iteration + 1.0) / (warmUp + 1.0);
        double rest = total - warmUp;
        return After(rest <= 0 ? 1 : Math.Min(1, (iteration - warmUp) / rest));
    }

    /// <inheritdoc/>
    public sealed override double Factor(long iteration, long total, double learningRate) => Factor(iteration, total);

    /// <summary>The factor after the warm-up.</summary>
    /// <param name="progress">From 0 (the first step after the warm-up) to 1 (one step past the end).</param>
    protected abstract double After(double progress);

    internal override void Check(OptionChecks checks)
    {
        checks.AtLeast(nameof(WarmUp), WarmUp, 0);
        checks.Inside(nameof(WarmUpPart), WarmUpPart);
    }
}
