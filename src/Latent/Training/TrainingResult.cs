namespace Latent.Training;

/// <summary>Why a training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs or steps are done.</summary>
    Finished,

    /// <summary>A callback ended it, as <see cref="EarlyStopping"/> does.</summary>
    Early,

    /// <summary>The caller's token ended it.</summary>
    Cancelled,

    /// <summary><see cref="TerminateOnNaN"/> ended it: the loss was not a number, or infinite.</summary>
    NotANumber,
}

/// <summary>What a training came to. The model given to <see cref="Trainer"/> has its weights.</summary>
public sealed record TrainingResult
{
    /// <summary>Each epoch that was finished, in order.</summary>
    public required IReadOnlyList<EpochResult> History { get; init; }

    /// <summary>The epoch with the lowest validation loss, from 1; without validation the last one; 0 where no epoch was finished.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The lowest validation loss; null where there was none.</summary>
    public required double? BestValLoss { get; init; }

    /// <summary>Why it ended.</summary>
    public required StopReason Stopped { get; init; }

    /// <summary>Updates done.</summary>
    public required long Steps { get; init; }

    /// <summary>Time from start to end, calibration included.</summary>
    public required double Seconds { get; init; }

    /// <summary>The loss of every step where <see cref="TrainingOptions.LogSteps"/> asked for it; else empty.</summary>
    public IReadOnlyList<double> StepLosses { get; init; } = [];

    /// <summary>What was warned of, in order.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Whether the model was calibrated; see <see cref="Calibration"/>.</summary>
    public bool Calibrated { get; init; }
}
