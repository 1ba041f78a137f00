using System.Collections.Immutable;
using Latent.Training;

namespace Latent.Studio.Training;

/// <summary>What the one training of the studio is doing.</summary>
public enum TrainingPhase
{
    /// <summary>None was started.</summary>
    Idle,

    /// <summary>The data are read and the run's folder is made.</summary>
    Preparing,

    /// <summary>Steps are done.</summary>
    Running,

    /// <summary>It ends after the step it is in, to go on later.</summary>
    Pausing,

    /// <summary>It is saved and goes on where it was.</summary>
    Paused,

    /// <summary>It ends after the step it is in.</summary>
    Stopping,

    /// <summary>The pictures and the report are drawn.</summary>
    Drawing,

    /// <summary>All epochs are done, or early stopping ended it.</summary>
    Finished,

    /// <summary>It was stopped; it can still go on.</summary>
    Stopped,

    /// <summary>It ended with an error.</summary>
    Failed,
}

/// <summary>What is trained on what.</summary>
/// <param name="Data">The data set's name.</param>
/// <param name="TrainImages">Training images.</param>
/// <param name="TestImages">Validation images.</param>
/// <param name="Latent">How many numbers a code has.</param>
/// <param name="Parameters">The numbers in the weights of both networks.</param>
/// <param name="Recipe">The recipe's name; null for options of one's own.</param>
/// <param name="Epochs">The most epochs.</param>
/// <param name="Seed">The seed.</param>
public sealed record TrainingSubject(
    string Data,
    int TrainImages,
    int TestImages,
    int Latent,
    int Parameters,
    string? Recipe,
    int Epochs,
    long Seed
);

/// <summary>All that a page shows of a training. Immutable; each change is a new one.</summary>
public sealed record TrainingStatus
{
    /// <summary>What it is doing.</summary>
    public TrainingPhase Phase { get; init; }

    /// <summary>The name of the run's folder; null before there is one.</summary>
    public string? Run { get; init; }

    /// <summary>The full path of the run's folder.</summary>
    public string? RunPath { get; init; }

    /// <summary>What is trained on what; null before that is known.</summary>
    public TrainingSubject? Subject { get; init; }

    /// <summary>The last report; null before the first.</summary>
    public TrainingProgress? Progress { get; init; }

    /// <summary>The finished epochs, also those of before an interruption.</summary>
    public ImmutableArray<EpochResult> History { get; init; } = [];

    /// <summary>The loss within the epochs.</summary>
    public StepCurve Steps { get; init; } = StepCurve.Empty;

    /// <summary>The epochs that there are snapshots of.</summary>
    public ImmutableArray<int> Snapshots { get; init; } = [];

    /// <summary>Whether there is a snapshot of the final model.</summary>
    public bool HasFinalSnapshot { get; init; }

    /// <summary>The epoch with the lowest validation loss; 0 for none yet.</summary>
    public int BestEpoch { get; init; }

    /// <summary>What was warned of.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Whether early stopping ended it.</summary>
    public bool EndedEarly { get; init; }

    /// <summary>Whether there is a report.</summary>
    public bool HasReport { get; init; }

    /// <summary>What went wrong; null for nothing.</summary>
    public string? Error { get; init; }

    /// <summary>Counted up with each change.</summary>
    public long Version { get; init; }

    /// <summary>Whether another training cannot be started now.</summary>
    public bool IsBusy =>
        Phase
            is TrainingPhase.Preparing
                or TrainingPhase.Running
                or TrainingPhase.Pausing
                or TrainingPhase.Stopping
                or TrainingPhase.Drawing;

    /// <summary>Whether it can be paused and stopped.</summary>
    public bool CanStop => Phase is TrainingPhase.Preparing or TrainingPhase.Running;

    /// <summary>Whether it can go on.</summary>
    public bool CanResume => Phase is TrainingPhase.Paused or TrainingPhase.Stopped && RunPath is not null;
}

/// <summary>A run in the folder of runs whose training was interrupted and can go on.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Data">The data set's name.</param>
/// <param name="Latent">How many numbers a code has.</param>
/// <param name="Done">Finished epochs.</param>
/// <param name="Epochs">The most epochs.</param>
/// <param name="ValLoss">The lowest validation loss; null where there is none yet.</param>
/// <param name="WasKilled">Whether it did not end by itself, or still runs in another process.</param>
public sealed record InterruptedRun(string Name, string Data, int Latent, int Done, int Epochs, double? ValLoss, bool WasKilled);
