using System.Runtime.InteropServices;
using Latent.Data;
using Latent.Engine;
using Latent.Models;

namespace Latent.Training;

/// <summary>
/// Keeps a run folder up to date as the training goes: after each epoch the model where it is the best so far, the history and the state;
/// within an epoch the state. Whatever ends the process, the folder has a usable model from the first epoch on, and the training can go on
/// from the last state with the same bits: <see cref="Trainer.Resume"/>. Called after all other callbacks. While the training runs, no other
/// one can record into the folder.
/// </summary>
/// <param name="run">The folder.</param>
/// <param name="data">What run.json says of the data.</param>
public sealed class RunRecorder(RunFolder run, RunData? data = null) : Callback
{
    private const int Tries = 20;

    private LockFile? _lock;
    private bool _lockIsLent,
        _finished;
    private long _savedStep,
        _savedAt;

    /// <summary>The folder.</summary>
    public RunFolder Run { get; } = run;

    /// <summary>What run.json says of the data.</summary>
    public RunData? Data { get; } = data;

    /// <summary>
    /// The state is saved within an epoch when this time has passed since it was last: so much work is lost at most when the process is
    /// killed. <see cref="Timeout.InfiniteTimeSpan"/> for never. Default: 30 seconds.
    /// </summary>
    public TimeSpan SaveEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The state is saved within an epoch after so many steps since it was last; 0 (default) for never.</summary>
    public long SaveEverySteps { get; init; }

    internal override bool OnlyRecords => true;

    /// <summary>What run.json says of a data set.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="source">What to give to open it again: a name or a folder; null for its name.</param>
    /// <param name="folder">How it was read, where the source is a folder of image files.</param>
    public static RunData Describe(DataSet data, string? source = null, FolderReading? folder = null) =>
        new(data.Name, source ?? data.Name, data.Checksum, data.Train.Count, data.Test.Count)
        {
            ValidationImages = data.Validation?.Count ?? 0,
            Folder = folder,
        };

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (SaveEvery <= TimeSpan.Zero && SaveEvery != Timeout.InfiniteTimeSpan)
            yield return $"RunRecorder.SaveEvery must be above 0, or Timeout.InfiniteTimeSpan; it is {SaveEvery}.";
        if (SaveEverySteps < 0)
            yield return $"RunRecorder.SaveEverySteps must be at least 0; it is {SaveEverySteps}.";
    }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingContext context)
    {
        _finished = false;
        if (!context.Resumed && RunFolder.IsRun(Run.Path))
            throw new LatentException(
                $"The folder '{Run.Path}' holds a training already.",
                "a new run folder for a new training",
                "the run of an earlier one, which would be lost",
                "go on with it: Trainer.Resume(path, train, validation), or replace it: RunFolder.Create(path, overwrite: true)"
            );
        if (context.Resumed)
        {
            // The state stays as it is: it is where the training goes on. The files beside it may be a step ahead or behind. A folder that is
            // gone is made again at the next save: the callbacks do not yet remember what would have to be saved.
            if (!IsGone)
                Guarded(context, () => WriteHistoryAndInfo(context, "running"));
            Saved(context);
            return;
        }
        Guarded(
            context,
            () =>
            {
                // The state comes first: from it alone the training can go on, so a folder with anything else in it has one.
                WriteState(context);
                WriteHistoryAndInfo(context, "running");
            }
        );
    }

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingContext context)
    {
        bool due =
            SaveEverySteps > 0 && context.Step - _savedStep >= SaveEverySteps
            || SaveEvery != Timeout.InfiniteTimeSpan && context.Options.Clock.GetElapsedTime(_savedAt) >= SaveEvery;
        if (due)
            SaveState(context);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context) =>
        Guarded(
            context,
            () =>
            {
                // The state comes last: it says what the other files are at least up to.
                if (context.BestEpoch == context.Epoch + 1)
                    context.With(context.ValidatesAverages, () => SaveModel(context));
                WriteHistoryAndInfo(context, "running");
                WriteState(context);
            }
        );

    /// <inheritdoc/>
    public override void OnFinished(TrainingContext context, TrainingResult result)
    {
        _finished = true;
        Guarded(
            context,
            () =>
            {
                SaveModel(context);
                Run.WriteInfo(
                    Info(context, result.Stopped.Word) with
                    {
                        ProcessId = null,
                        Calibrated = result.Calibrated,
                        Seconds = result.Seconds,
                    }
                );
            }
        );
    }

    /// <summary>Keeps other trainings away until <see cref="Unlock"/>.</summary>
    /// <exception cref="LatentException">Another training records into the folder.</exception>
    internal void Lock()
    {
        if (_lock is not null)
            return;
        Run.Make();
        _lock = RunLock.Take(Run);
    }

    /// <summary>Takes a lock that somebody else holds and lets go of.</summary>
    internal void Lend(LockFile held) => (_lock, _lockIsLent) = (held, true);

    /// <summary>Whether the folder was deleted since it was locked.</summary>
    internal bool IsGone => _lock is { Holds: false };

    internal void Unlock()
    {
        if (!_lockIsLent)
            _lock?.Dispose();
        (_lock, _lockIsLent) = (null, false);
    }

    /// <summary>Writes the state as it is now, within an epoch too.</summary>
    /// <exception cref="LatentException">It cannot be written; the one before is still there.</exception>
    internal void SaveState(TrainingContext context) => Guarded(context, () => WriteState(context));

    private void WriteState(TrainingContext context)
    {
        TrainingStateFile.Write(Run.StatePath, TrainingState.Capture(context, Data));
        Saved(context);
    }

    private void Saved(TrainingContext context) => (_savedStep, _savedAt) = (context.Step, context.Options.Clock.GetTimestamp());

    private void WriteHistoryAndInfo(TrainingContext context, string status)
    {
        Run.WriteHistory(context.History);
        Run.WriteInfo(Info(context, status));
    }

    /// <summary>Writes to the folder, which is made again where somebody deleted it; says what is kept where it cannot be written.</summary>
    private void Guarded(TrainingContext context, Action write)
    {
        try
        {
            // a folder can also be deleted while it is written to; who deletes it again and again is believed in the end
            for (int tries = 0; ; tries++)
            {
                try
                {
                    if (IsGone)
                        MakeAgain(context);
                    write();
                    if (!IsGone || RunFolder.IsRun(Run.Path) || tries == Tries)
                        return;
                }
                catch (LatentException e)
                    when (tries < Tries
                        && (
                            e.InnerException is FileNotFoundException or DirectoryNotFoundException // it is just being deleted
                            || (e.InnerException is not null && IsGone)
                        )
                    ) { }
            }
        }
        catch (LatentException e) when (e.InnerException is not null && AtomicFile.IsUsersFault(e.InnerException))
        {
            bool kept = File.Exists(Run.StatePath);
            throw new LatentException(
                $"The run folder '{Run.Path}' cannot be written, so the training ends{(kept ? ": what it has saved so far is whole" : "")}.",
                "a disk with room, and a folder that you may write to",
                e.InnerException.Message,
                kept
                    ? $"make room or the folder writable, then go on: latent train --resume {Run.Word}"
                    : "make room or the folder writable, or choose another folder for the run",
                e
            );
        }
    }

    /// <summary>The folder, or only its lock, was deleted while the training ran: all that is known is written again.</summary>
    private void MakeAgain(TrainingContext context)
    {
        bool deleted = !RunFolder.IsRun(Run.Path);
        _lock?.Dispose();
        Run.Make();
        (_lock, _lockIsLent) = (RunLock.Take(Run), false);
        if (!deleted && !IsOurs(context))
        {
            Unlock();
            throw new LatentException(
                $"The run folder '{Run.Path}' was replaced while the training ran.",
                "the folder that this training made",
                "another run",
                "train again into a folder of its own: --out FOLDER"
            );
        }
        if (deleted)
            context.Warn($"The run folder '{Run.Path}' was deleted. It is made again, with all that the training knows.");
        if (_finished) // the weights are no longer those to train on from
        {
            Run.WriteHistory(context.History);
            return;
        }
        WriteState(context); // first, as at the start
        if (context.BestWeights is { } best && context.WeightsOfEpoch != context.BestEpoch)
            SaveBest(context, best);
        else if (context.WeightsOfEpoch > 0)
            context.With(context.ValidatesAverages, () => SaveModel(context));
        WriteHistoryAndInfo(context, "running");
    }

    /// <summary>Whether what lies in the folder is this training's: its lock alone may have been deleted, or a part of its files only.</summary>
    private bool IsOurs(TrainingContext context)
    {
        string options = OptionsJson.Write(context.Options).ToJsonString();
        while (RunFolder.IsRun(Run.Path))
            try
            {
                if (!File.Exists(Run.RunJsonPath))
                    return TrainingStateFile.Read(Run.StatePath).Options == options;
                var info = Run.ReadInfo();
                return info.ProcessId == Environment.ProcessId && info.Options.ToJsonString() == options;
            }
            catch (LatentException e) when (e.InnerException is FileNotFoundException or DirectoryNotFoundException)
            {
                // it is being deleted: look again at what is left
            }
            catch (LatentException)
            {
                return false;
            }
        return true; // nobody's
    }

    private void SaveBest(TrainingContext context, WeightStore best)
    {
        var model = new Autoencoder(best)
        {
            Info = context.Model.Info with { Epoch = context.BestEpoch, ValLoss = context.BestValLoss, Calibrated = false },
        };
        model.Save(Run.ModelPath);
    }

    /// <summary>A model that became NaN is of no use, and an older one that lies there is.</summary>
    private void SaveModel(TrainingContext context)
    {
        foreach (float value in context.Model.Weights.Values)
            if (!float.IsFinite(value))
            {
                context.Warn("The weights are not finite numbers: the model is not saved. Try a lower learning rate.");
                return;
            }
        context.SaveModel(Run.ModelPath);
    }

    private RunInfo Info(TrainingContext context, string status)
    {
        var (model, options) = (context.Model, context.Options);
        return new()
        {
            LatentVersion = typeof(RunRecorder).Assembly.GetName().Version?.ToString(3) ?? "",
            DotnetVersion = RuntimeInformation.FrameworkDescription,
            ProcessId = Environment.ProcessId,
            Data = Data,
            Recipe = options.RecipeName,
            ImageShape = [model.ImageShape.Height, model.ImageShape.Width, model.ImageShape.Channels],
            LatentSize = model.LatentSize,
            EncoderParameters = Parameters(model.Weights, model.Encoder.Name),
            DecoderParameters = Parameters(model.Weights, model.Decoder.Name),
            Seed = options.Seed,
            Threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
            Options = OptionsJson.Write(options),
            Status = status,
            Epochs = context.History.Count,
            Steps = context.Step,
            BestEpoch = context.BestEpoch,
            BestValLoss = context.BestValLoss,
            Seconds = context.Elapsed.TotalSeconds,
        };
    }

    private static int Parameters(WeightStore weights, string network) =>
        weights.Layout.Parameters.Where(p => p.Name.StartsWith(network + "/", StringComparison.Ordinal)).Sum(p => p.Count);
}
