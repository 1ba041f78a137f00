namespace Latent.Training;

/// <summary>The options and the memory of <see cref="EarlyStopping"/>, without a model: it can be driven by a plain curve.</summary>
internal sealed class EarlyStoppingRule
{
    public required int Patience { get; init; }

    public MonitorMode Mode { get; init; }

    public double MinDelta { get; init; }

    public double? Baseline { get; init; }

    public int StartFromEpoch { get; init; }

    public int Wait { get; private set; }

    public double? Best { get; private set; }

    public int BestEpoch { get; private set; }

    public int StoppedEpoch { get; private set; }

    public void Reset() => Restore(0, null, 0, 0);

    public void Restore(int wait, double? best, int bestEpoch, int stoppedEpoch) =>
        (Wait, Best, BestEpoch, StoppedEpoch) = (wait, best, bestEpoch, stoppedEpoch);

    /// <summary>Takes the value of an epoch, counted from 0.</summary>
    /// <returns>Whether its weights are the best so far, and whether the training ends.</returns>
    public (bool IsBest, bool Stop) Observe(int epoch, double current)
    {
        if (epoch < StartFromEpoch)
            return (false, false);
        Wait++;
        if (ImprovementRule.IsImprovement(current, Best, Mode, MinDelta))
        {
            (Best, BestEpoch) = (current, epoch);
            if (Baseline is null || ImprovementRule.IsImprovement(current, Baseline, Mode, MinDelta))
                Wait = 0;
            return (true, false); // an epoch that is the best never ends the training, even one that misses the baseline
        }
        if (Wait < Patience || epoch == 0)
            return (false, false);
        StoppedEpoch = epoch;
        return (false, true);
    }
}
