namespace Latent.Training;

/// <summary>
/// Ends the training when a number has not got better for some epochs, with Keras's rules. It can be used again: a training starts it anew.
/// </summary>
/// <param name="Patience">Epochs without improvement after which the training ends; 0 ends it at the first one.</param>
public sealed class EarlyStopping(int Patience = 0) : Callback
{
    private readonly EarlyStoppingRule _rule = new();

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
    public int StoppedEpoch => _rule.StoppedEpoch;

    /// <summary>The best epoch so far, from 0.</summary>
    public int BestEpoch => _rule.BestEpoch;
}
