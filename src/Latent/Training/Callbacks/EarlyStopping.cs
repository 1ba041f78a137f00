using Latent.Engine;

namespace Latent.Training;

/// <summary>
/// Ends the training when a number has not got better for some epochs, with Keras's rules. It can be used again: a training starts it anew.
/// </summary>
/// <param name="Patience">Epochs without improvement after which the training ends; 0 ends it at the first one.</param>
public sealed class EarlyStopping(int Patience = 0) : Callback
{
    private EarlyStoppingRule? _rule;
    private WeightStore? _bestWeights;

    /// <summary>Epochs without improvement after which the training ends.</summary>
    public int Patience { get; } = Patience;

    /// <summary>The number of the logs to watch.</summary>
    public string Monitor { get; init; } = "val_loss";

    /// <summary>By how much it must get better; the sign does not matter.</summary>
    public double MinDelta { get; init; }

    /// <summary>Whether lower or higher is better.</summary>
    public MonitorMode Mode { get; init; }

    /// <summary>Waiting starts anew only where the number is also better than this; null for none.</summary>
    public double? Baseline { get; init; }

    /// <summary>
    /// Whether the weights of the best epoch come back at the end of the training, however it ended. The best epoch is that of the number
    /// watched, whatever the baseline.
    /// </summary>
    public bool RestoreBestWeights { get; init; }

    /// <summary>Epochs at the start that are not watched.</summary>
    public int StartFromEpoch { get; init; }

    /// <summary>The epoch that ended the training, from 0; 0 where it was not ended by this.</summary>
    public int StoppedEpoch => Rule.StoppedEpoch;

    /// <summary>The best epoch so far, from 0.</summary>
    public int BestEpoch => Rule.BestEpoch;

    // made on first use: the options are set after the constructor
    private EarlyStoppingRule Rule =>
        _rule ??= new()
        {
            Patience = Patience,
            Mode = Mode,
            MinDelta = MinDelta,
            Baseline = Baseline,
            StartFromEpoch = StartFromEpoch,
        };

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (string problem in ImprovementRule.Problems(nameof(EarlyStopping), Monitor, Mode))
            yield return problem;
        if (Patience < 0)
            yield return $"EarlyStopping.Patience must be at least 0; it is {Patience}.";
        if (StartFromEpoch < 0)
            yield return $"EarlyStopping.StartFromEpoch must be at least 0; it is {StartFromEpoch}.";
        if (!double.IsFinite(MinDelta))
            yield return $"EarlyStopping.MinDelta must be a number; it is {MinDelta}.";
    }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingContext context)
    {
        Rule.Reset();
        _bestWeights = null;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context)
    {
        if (!context.Logs.TryGetValue(Monitor, out double current))
        {
            context.Warn($"EarlyStopping watches '{Monitor}', which is not there; there is {string.Join(", ", context.Logs.Keys)}.");
            return;
        }
        var (isBest, stop) = Rule.Observe(context.Epoch, current);
        if (isBest && RestoreBestWeights)
            context.With(
                context.ValidatesAverages,
                () => (_bestWeights ??= new(context.Model.Weights.Layout)).CopyFrom(context.Model.Weights)
            );
        if (stop)
            context.StopTraining = true;
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingContext context)
    {
        if (_bestWeights is null)
            return;
        context.Model.Weights.CopyFrom(_bestWeights);
        context.WeightsOfEpoch = BestEpoch + 1;
        _bestWeights = null; // a callback outlives its training: let the memory go
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        state.Set("wait", Rule.Wait);
        state.Set("best", Rule.Best);
        state.Set("best_epoch", Rule.BestEpoch);
        state.Set("stopped_epoch", Rule.StoppedEpoch);
        if (_bestWeights is not null)
            state.Set("best_weights", _bestWeights.Values);
    }

    /// <inheritdoc/>
    public override void LoadState(CallbackState state, TrainingContext context)
    {
        Rule.Restore((int)state.Whole("wait"), state.Number("best"), (int)state.Whole("best_epoch"), (int)state.Whole("stopped_epoch"));
        if (state.Array("best_weights") is not float[] weights)
            return;
        _bestWeights = new(context.Model.Weights.Layout);
        if (weights.Length != _bestWeights.Values.Length)
            throw new FormatException("the best weights are of another network");
        weights.CopyTo(_bestWeights.Values);
        _bestWeights.Touch();
    }
}
