using System.Runtime.InteropServices;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;

namespace Latent.Training;

/// <summary>
/// All that a training needs to go on as if it had never been interrupted, after any of its steps. The order of the images is not in it: it
/// follows from the seed and the epoch. Immutable, a copy of the training at one moment.
/// </summary>
internal sealed record TrainingState
{
    /// <summary>The options, as <see cref="OptionsJson"/> writes them.</summary>
    public required string Options { get; init; }

    /// <summary>What is known of the data's origin.</summary>
    public required RunData? Data { get; init; }

    /// <summary>The checksums of the images by their part in the training: "train", "validation", "targets", "validation_targets".</summary>
    public required IReadOnlyDictionary<string, string> Images { get; init; }

    public required ModelInfo Info { get; init; }

    /// <summary>The finished epochs.</summary>
    public required IReadOnlyList<EpochResult> History { get; init; }

    /// <summary>Updates done.</summary>
    public required long Step { get; init; }

    public required long OptimizerSteps { get; init; }

    public required int BestEpoch { get; init; }

    public required double? BestValLoss { get; init; }

    /// <summary>The epoch at whose end the weights were made, from 1; 0 where they are between two epochs' ends.</summary>
    public required int WeightsOfEpoch { get; init; }

    /// <summary>Whether a callback has ended the training.</summary>
    public required bool StopTraining { get; init; }

    /// <summary>Whether it ended it because the loss is no number.</summary>
    public required bool NotANumber { get; init; }

    /// <summary>The rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The rate that the schedule shapes; null in the states of versions in which it was always the optimizer's own.</summary>
    public required float? BaseLearningRate { get; init; }

    /// <summary>Seconds of all processes so far.</summary>
    public required double Seconds { get; init; }

    /// <summary>The epoch that had begun; null between two epochs.</summary>
    public required EpochPosition? Epoch { get; init; }

    /// <summary>The numbers that callbacks see.</summary>
    public required IReadOnlyDictionary<string, double> Logs { get; init; }

    /// <summary>The loss of every step where that is kept, else empty.</summary>
    public required IReadOnlyList<double> StepLosses { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The latest weights, not calibrated.</summary>
    public required WeightStore Weights { get; init; }

    /// <summary>The best epoch's weights where they are kept and are not the latest.</summary>
    public required WeightStore? BestWeights { get; init; }

    /// <summary>The optimizer's memory by the names of its slots, each laid out as the weights are.</summary>
    public required IReadOnlyDictionary<string, float[]> Slots { get; init; }

    /// <summary>What each callback is and remembers, in the order of the options; those that only record are left out.</summary>
    public required IReadOnlyList<(string Name, CallbackState State)> Callbacks { get; init; }

    public static TrainingState Capture(TrainingContext context, RunData? data)
    {
        TrainingState? state = null;
        context.With(averages: false, () => state = Copied(context, data));
        return state!;
    }

    private static TrainingState Copied(TrainingContext context, RunData? data) =>
        new()
        {
            Options = OptionsJson.Write(context.Options).ToJsonString(),
            Data = data,
            Images = context.Images,
            Info = context.Model.Info,
            History = [.. context.History],
            Step = context.Step,
            OptimizerSteps = context.Optimizer?.Steps ?? 0,
            BestEpoch = context.BestEpoch,
            BestValLoss = context.BestValLoss,
            WeightsOfEpoch = context.WeightsOfEpoch,
            StopTraining = context.StopTraining,
            NotANumber = context.NotANumber,
            LearningRate = context.LearningRate,
            BaseLearningRate = context.BaseLearningRate,
            Seconds = context.Elapsed.TotalSeconds,
            Epoch = context.Current is { } epoch
                ? new(epoch.Batches, epoch.LossSum, epoch.Images, epoch.Seconds(context.Options.Clock))
                : null,
            Logs = context.Logs.ToDictionary(StringComparer.Ordinal),
            StepLosses = [.. context.StepLosses],
            Warnings = [.. context.Warnings],
            Weights = context.Model.Weights.Clone(),
            // not where they are the latest: but a callback may have changed these after the best were put aside
            BestWeights =
                context.BestWeights is { } best
                && !MemoryMarshal.AsBytes(best.Values).SequenceEqual(MemoryMarshal.AsBytes(context.Model.Weights.Values))
                    ? best.Clone()
                    : null,
            Slots = context.Optimizer?.Slots.ToDictionary(s => s, s => context.Optimizer.Slot(s).ToArray(), StringComparer.Ordinal) ?? [],
            Callbacks = [.. context.Callbacks.Where(c => !c.OnlyRecords).Select(Remembered)],
        };

    /// <summary>Brings a training to where this one was. Its callbacks have begun; they are those that this one had.</summary>
    /// <exception cref="LatentException">A callback cannot read what is kept of it.</exception>
    public void Restore(TrainingContext context, List<EpochResult> history, List<double> stepLosses, List<string> warnings)
    {
        history.AddRange(History);
        stepLosses.AddRange(StepLosses);
        warnings.AddRange(Warnings);
        context.Model.Weights.CopyFrom(Weights);
        if (context.Optimizer is { } optimizer)
        {
            optimizer.Steps = OptimizerSteps;
            foreach (var (slot, values) in Slots)
                values.CopyTo(optimizer.Slot(slot));
        }
        (context.Step, context.BestEpoch, context.BestValLoss) = (Step, BestEpoch, BestValLoss);
        (context.WeightsOfEpoch, context.LearningRate) = (WeightsOfEpoch, LearningRate);
        (context.StopTraining, context.NotANumber) = (StopTraining, NotANumber);
        if (BaseLearningRate is float rate && rate != context.BaseLearningRate)
            context.BaseLearningRate = rate;
        if (context.Options.KeepBest && BestValLoss is not null)
        {
            context.BestWeights = new(Weights.Layout);
            context.BestWeights.CopyFrom(BestWeights ?? Weights);
        }
        foreach (var (name, value) in Logs)
            context.Logs[name] = value;
        if (Epoch is not { } epoch)
            return;
        context.Current = new()
        {
            Batches = epoch.Batches,
            LossSum = epoch.LossSum,
            Images = epoch.Images,
            SecondsBefore = epoch.Seconds,
            Started = context.Options.Clock.GetTimestamp(),
        };
        (context.Epoch, context.Batch) = (History.Count, Math.Max(0, epoch.Batches - 1));
    }

    /// <summary>Gives the callbacks back what they remembered.</summary>
    /// <exception cref="LatentException">One cannot read it.</exception>
    public void RestoreCallbacks(TrainingContext context)
    {
        Callback[] callbacks = [.. context.Callbacks.Where(c => !c.OnlyRecords)];
        for (int i = 0; i < callbacks.Length; i++)
            try
            {
                callbacks[i].LoadState(Callbacks[i].State, context);
            }
            catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
            {
                throw new LatentException(
                    $"What the state keeps of the callback {Callbacks[i].Name} cannot be read. {e.Message}",
                    fix: "resume with the version and the callbacks that the run was trained with",
                    inner: e
                );
            }
    }

    private static (string, CallbackState) Remembered(Callback callback)
    {
        var state = new CallbackState();
        callback.SaveState(state);
        return (callback.GetType().Name, state);
    }
}

/// <summary>The place within an epoch.</summary>
/// <param name="Batches">Steps done in it.</param>
/// <param name="LossSum">The sum of the losses of its images so far.</param>
/// <param name="Images">Its images so far.</param>
/// <param name="Seconds">Its seconds so far.</param>
internal sealed record EpochPosition(int Batches, double LossSum, long Images, double Seconds);
