using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latent.Data;
using Latent.Models;
using Latent.Networks;

namespace Latent.Training;

/// <summary>
/// A training that lies in a run folder and can go on: with the same data and options it ends with the bits of a training that was never
/// interrupted, with any number of threads. Holds the folder's lock until disposed. Not thread-safe.
/// </summary>
public sealed class SavedTraining : IDisposable
{
    private readonly TrainingState _state;
    private readonly LockFile _lock;
    private bool _used,
        _disposed;

    private SavedTraining(RunFolder run, TrainingState state, LockFile held)
    {
        (Run, _state, _lock) = (run, state, held);
        Model = new(state.Weights.Clone()) { Info = state.Info };
    }

    /// <summary>The run folder.</summary>
    public RunFolder Run { get; }

    /// <summary>The model with the latest weights, which <see cref="Resume"/> trains.</summary>
    public Autoencoder Model { get; }

    /// <summary>The data it was trained on; null where the training was not told.</summary>
    public RunData? Data => _state.Data;

    /// <summary>The epochs that are finished.</summary>
    public IReadOnlyList<EpochResult> History => _state.History;

    /// <summary>Steps done in the epoch after those; 0 between two epochs.</summary>
    public int StepsInEpoch => _state.Epoch?.Batches ?? 0;

    /// <summary>Steps done since the start.</summary>
    public long Steps => _state.Step;

    /// <summary>Opens the training of a run folder at its last state.</summary>
    /// <param name="path">The run folder.</param>
    /// <exception cref="LatentException">
    /// It is no run, another training writes to it, or its state is missing or damaged: the message says what is lost and what is not.
    /// </exception>
    public static SavedTraining Open(string path)
    {
        var run = RunFolder.Open(path);
        var held = RunLock.Take(run);
        try
        {
            run.RemoveLeftovers();
            return new(run, ReadState(run), held);
        }
        catch (Exception e)
        {
            held.Dispose();
            if (AtomicFile.IsUsersFault(e))
                throw RunFolder.CannotBeWritten(path, e);
            throw;
        }
    }

    /// <summary>The options of the training, from its state; callbacks are made anew.</summary>
    /// <exception cref="LatentException">Targets or a callback of your own belong to them: these cannot be read from a file.</exception>
    public TrainingOptions ReadOptions()
    {
        var missing = new List<string>();
        var options = OptionsJson.Read(new JsonReader(JsonElement.Parse(_state.Options), $"The options of '{Run.Path}'"), missing);
        return missing.Count == 0
            ? options
            : throw new LatentException(
                $"The run '{Run.Path}' cannot go on from its files alone.",
                "a training whose options are numbers and Latent's own callbacks",
                string.Join(", ", missing),
                "resume it from the program that trained it, with the same options: Trainer.Resume(run, train, validation, options)"
            );
    }

    /// <summary>Goes on to the end of the training. To be called once.</summary>
    /// <param name="train">The images that it was trained on.</param>
    /// <param name="validation">The images that it was validated with; null for none.</param>
    /// <param name="options">
    /// The same options as before; null takes them from the run. <see cref="TrainingOptions.Threads"/> may differ.
    /// <see cref="TrainingOptions.Epochs"/> or <see cref="TrainingOptions.Steps"/> may grow where the steps that are done had the same rates.
    /// Where the run has snapshots, further ones are written.
    /// </param>
    /// <param name="progress">Receives reports.</param>
    /// <param name="cancellation">Ends the training after the step it is in; it can be resumed again.</param>
    /// <exception cref="LatentException">The options or the images are others: the message says which. Or the folder cannot be written.</exception>
    public TrainingResult Resume(
        SampleSet train,
        SampleSet? validation,
        TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_used)
            throw new InvalidOperationException("A saved training goes on once; open it again.");
        options ??= ReadOptions();
        var recorder = options.Callbacks.OfType<RunRecorder>().FirstOrDefault(r => r.Run.Path == Run.Path) ?? new RunRecorder(Run, Data);
        if (!options.Callbacks.Contains(recorder))
            options = options with { Callbacks = [.. options.Callbacks, recorder] };
        if (Directory.Exists(Run.SnapshotsPath) && !options.Callbacks.Any(c => c is SnapshotRecorder))
            options = options with { Callbacks = [.. options.Callbacks, new SnapshotRecorder(Run)] }; // those there would no longer be the run's
        Check(train, validation, options);
        _used = true;
        recorder.Lend(_lock);
        var state = _state with { Options = OptionsJson.Write(options).ToJsonString(), Data = recorder.Data ?? _state.Data };
        if (options.TotalSteps(train.Count) > AsBefore(options).TotalSteps(train.Count) || state.Data != _state.Data)
            TrainingStateFile.Write(Run.StatePath, state); // longer, or with data elsewhere, from now on: also if it is killed before the next save
        return Trainer.Run(Model, train, validation, options, progress, state, cancellation);
    }

    /// <summary>Throws where <see cref="Resume"/> would: the training could not go on with these.</summary>
    /// <param name="train">As for <see cref="Resume"/>.</param>
    /// <param name="validation">As for <see cref="Resume"/>.</param>
    /// <param name="options">As for <see cref="Resume"/>.</param>
    /// <exception cref="LatentException">The options or the images are others: the message says which.</exception>
    public void Check(SampleSet train, SampleSet? validation, TrainingOptions options)
    {
        OptionProblems.Throw(OptionProblems.Of(options, Model, train, validation));
        var saved = JsonNode.Parse(_state.Options)!.AsObject();
        var asked = JsonNode.Parse(OptionsJson.Write(options).ToJsonString())!.AsObject();
        List<string> problems =
        [
            .. OptionsJson.Differences(saved, asked),
            .. Length(options, train.Count),
            .. ImageChecksums.Differences(_state.Images, ImageChecksums.Of(train, validation, options)),
        ];
        if (problems.Count > 0)
            throw new LatentException(
                $"The run '{Run.Path}' cannot go on with what was asked for:\n- {string.Join("\n- ", problems)}",
                "the options and the images that it was trained with: only then it ends as if it had never been interrupted",
                fix: "leave out what differs, or start a new training: from these weights with --init, in code Autoencoder.Open"
            );
    }

    /// <summary>Lets other trainings into the folder.</summary>
    public void Dispose()
    {
        _disposed = true;
        _lock.Dispose();
    }

    /// <summary>The training may become longer where nothing that is done would have been done otherwise.</summary>
    private IEnumerable<string> Length(TrainingOptions options, int images)
    {
        var before = AsBefore(options);
        long total = before.TotalSteps(images),
            asked = options.TotalSteps(images);
        if (asked == total)
            yield break;
        string words =
            options.Steps is null && before.Steps is null
                ? $"epochs: {before.Epochs} in the run, {options.Epochs} asked for"
                : $"steps: {total} in the run, {asked} asked for";
        if (asked < total)
            yield return $"{words}; it may only grow";
        else if (ChangedRate(options, total, asked) is long step)
            yield return $"{words}; the schedule '{options.Schedule.Name}' depends on the length: step {step + 1} would have had another rate";
        else if (_state.Epoch is null && _state.Step % options.StepsPerEpoch(images) != 0)
            yield return $"{words}; the last epoch ended before its images did";
    }

    /// <summary>Options with the length that the training had so far.</summary>
    private TrainingOptions AsBefore(TrainingOptions options)
    {
        var saved = JsonNode.Parse(_state.Options)!;
        return options with { Epochs = saved["epochs"]!.GetValue<int>(), Steps = saved["steps"]?.GetValue<long>() };
    }

    /// <summary>The first step that is done and would have had another rate; null for none.</summary>
    private long? ChangedRate(TrainingOptions options, long total, long asked)
    {
        var (schedule, rate) = (options.Schedule, options.Optimizer.LearningRate);
        for (long step = 0; step < _state.Step; step++)
            if (schedule.Factor(step, total, rate) != schedule.Factor(step, asked, rate))
                return step;
        return null;
    }

    /// <summary>The state, or a message that says what is lost with it.</summary>
    private static TrainingState ReadState(RunFolder run)
    {
        try
        {
            var state = TrainingStateFile.Read(run.StatePath);
            if (Contradiction(run, state) is { } line)
                throw new LatentException($"Its {Path.GetFileName(run.StatePath)} is that of another run ({line}).");
            return state;
        }
        catch (LatentException e) when (!IsOfOwnLayer(e))
        {
            var (model, data) = (ModelOf(run), InfoOf(run)?.Data is { } known ? RunFolder.WordOf(known.Source) : "DATA");
            throw new LatentException(
                $"The training in '{run.Path}' cannot be resumed: its latest weights, the optimizer's memory and the place in the training are lost. "
                    + (
                        model is null
                            ? "There is no usable model yet."
                            : $"The model is whole{(model.Epoch is int epoch ? $", with the weights of epoch {epoch}" : "")}"
                                + (model.ValLoss is double loss ? $" (val_loss {loss.ToString("G4", CultureInfo.InvariantCulture)})." : ".")
                    ),
                "the whole state that the training saved last",
                Reason(run, e),
                model is null
                    ? $"train again: latent train {data} --out {run.Word} --overwrite"
                    : $"use the model, or train on from its weights: latent train {data} --init {run.Word}",
                e
            );
        }
    }

    /// <summary>Whether nothing is damaged: the program has only not said how to make a layer of its own.</summary>
    private static bool IsOfOwnLayer(Exception? e) =>
        e is not null
        && ((e as LatentException)?.Fix?.Contains(nameof(CustomLayer), StringComparison.Ordinal) == true || IsOfOwnLayer(e.InnerException));

    private static string Reason(RunFolder run, LatentException e) =>
        Directory.Exists(run.StatePath) ? $"'{run.StatePath}' is a folder."
        : e.InnerException is IOException and not FileNotFoundException or UnauthorizedAccessException ? e.InnerException.Message
        : e.Happened;

    /// <summary>
    /// What run.json says otherwise than a state that was copied into the folder; null for nothing. The state needs no other file: one that
    /// is missing or damaged says nothing.
    /// </summary>
    private static string? Contradiction(RunFolder run, TrainingState state)
    {
        if (InfoOf(run) is not { } info)
            return null;
        int latent = state.Weights.Layout.Networks[0].Output.Size;
        if (latent != info.LatentSize)
            return $"a code of {latent} where the run has one of {info.LatentSize}";
        if (state.Data is { } theirs && info.Data is { } ours && theirs.Checksum != ours.Checksum)
            return $"trained on '{theirs.Name}', checksum {theirs.Checksum}";
        return OptionsJson.Contradiction(info.Options, JsonNode.Parse(state.Options)!.AsObject());
    }

    private static RunInfo? InfoOf(RunFolder run)
    {
        try
        {
            return run.ReadInfo();
        }
        catch (LatentException)
        {
            return null;
        }
    }

    private static ModelInfo? ModelOf(RunFolder run)
    {
        try
        {
            return Autoencoder.Open(run.ModelPath).Info;
        }
        catch (LatentException)
        {
            return null;
        }
    }
}
