namespace Latent.Training;

/// <summary>
/// Lowers the learning rate when a number has not got better for some epochs, with Keras's rules: the rate that the schedule shapes is
/// multiplied by the factor. Not with a <see cref="Engine.LearningRateSchedule"/>, which gives the rate itself. The logs of the epoch have the
/// rate of its last step as "learning_rate".
/// </summary>
/// <param name="Factor">What the rate is multiplied with, from 0 to below 1.</param>
/// <param name="Patience">Epochs without improvement after which the rate is lowered.</param>
public sealed class ReduceLROnPlateau(double Factor = 0.1, int Patience = 10) : Callback
{
    private double? _best;
    private int _wait,
        _coolingDown;

    /// <summary>What the rate is multiplied with.</summary>
    public double Factor { get; } = Factor;

    /// <summary>Epochs without improvement after which the rate is lowered.</summary>
    public int Patience { get; } = Patience;

    /// <summary>The number of the logs to watch.</summary>
    public string Monitor { get; init; } = "val_loss";

    /// <summary>Whether lower or higher is better.</summary>
    public MonitorMode Mode { get; init; }

    /// <summary>By how much it must get better; the sign does not matter.</summary>
    public double MinDelta { get; init; } = 1e-4;

    /// <summary>Epochs after a lowering in which nothing is waited for.</summary>
    public int Cooldown { get; init; }

    /// <summary>The rate is never lowered below this, at least 0.</summary>
    public double MinLearningRate { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (string problem in ImprovementRule.Problems(nameof(ReduceLROnPlateau), Monitor, Mode))
            yield return problem;
        if (!(Factor >= 0 && Factor < 1))
            yield return $"ReduceLROnPlateau.Factor must be at least 0 and below 1; it is {Factor}.";
        if (Patience < 0)
            yield return $"ReduceLROnPlateau.Patience must be at least 0; it is {Patience}.";
        if (Cooldown < 0)
            yield return $"ReduceLROnPlateau.Cooldown must be at least 0; it is {Cooldown}.";
        if (!double.IsFinite(MinDelta))
            yield return $"ReduceLROnPlateau.MinDelta must be a number; it is {MinDelta}.";
        if (!(MinLearningRate >= 0) || !double.IsFinite(MinLearningRate))
            yield return $"ReduceLROnPlateau.MinLearningRate must be a number of at least 0; it is {MinLearningRate}.";
    }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingContext context) => (_best, _wait, _coolingDown) = (null, 0, 0);

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context)
    {
        context.Logs["learning_rate"] = context.LearningRate;
        if (!context.Logs.TryGetValue(Monitor, out double current))
        {
            context.Warn($"ReduceLROnPlateau watches '{Monitor}', which is not there; there is {string.Join(", ", context.Logs.Keys)}.");
            return;
        }
        if (_coolingDown > 0)
        {
            _coolingDown--;
            _wait = 0;
        }
        if (ImprovementRule.IsImprovement(current, _best, Mode, MinDelta))
            (_best, _wait) = (current, 0);
        else if (_coolingDown == 0 && ++_wait >= Patience && context.BaseLearningRate > (float)MinLearningRate)
        {
            context.BaseLearningRate = (float)Math.Max(context.BaseLearningRate * Factor, MinLearningRate);
            (_coolingDown, _wait) = (Cooldown, 0);
        }
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        state.Set("best", _best);
        state.Set("wait", _wait);
        state.Set("cooling_down", _coolingDown);
    }

    /// <inheritdoc/>
    public override void LoadState(CallbackState state, TrainingContext context) =>
        (_best, _wait, _coolingDown) = (state.Number("best"), (int)state.Whole("wait"), (int)state.Whole("cooling_down"));
}
