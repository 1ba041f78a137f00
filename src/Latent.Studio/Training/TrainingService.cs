using System.Collections.Immutable;
using Latent.Data;
using Latent.Images;
using Latent.Models;
using Latent.Networks;
using Latent.Training;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latent.Studio.Training;

/// <summary>
/// The one training of the studio. It lives in the server, on a thread of its own, and not in a page: pages come and go and show
/// <see cref="Status"/>. Whatever ends it, its state is saved and it can go on. Thread-safe.
/// </summary>
public sealed class TrainingService : IAsyncDisposable, IDisposable
{
    /// <summary>Between two calls of <see cref="Changed"/>.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private enum Wish
    {
        None,
        Pause,
        Stop,
        Leave,
    }

    private readonly Lock _lock = new();
    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private TrainingStatus _status = new();
    private StepCurveBuilder _steps = new();
    private CancellationTokenSource? _stop;
    private Wish _wish;
    private Task _work = Task.CompletedTask;
    private (string Source, FolderReading? Folder, DataSet Data)? _data; // the last one, for a training that goes on
    private long _publishedAt;
    private bool _due,
        _disposed;

    /// <summary>A service without a training.</summary>
    /// <param name="runs">The folder of runs; it is made with the first run.</param>
    /// <param name="log">Receives faults.</param>
    /// <param name="clock">Where the time between two changes comes from.</param>
    public TrainingService(string runs, ILogger<TrainingService>? log = null, TimeProvider? clock = null)
    {
        Runs = Path.GetFullPath(runs);
        (_log, _clock) = (log ?? NullLogger<TrainingService>.Instance, clock ?? TimeProvider.System);
        _publishedAt = _clock.GetTimestamp();
        _timer = _clock.CreateTimer(_ => Publish(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The folder of runs, in full.</summary>
    public string Runs { get; }

    /// <summary>What the training is doing now.</summary>
    public TrainingStatus Status => Volatile.Read(ref _status);

    /// <summary>
    /// Called when the status has changed, at most ten times a second and once more after the last change, on another thread than the
    /// training's.
    /// </summary>
    public event EventHandler? Changed;

    /// <summary>Forgets a training that has ended and whose run was deleted since: there is nothing left of it to show.</summary>
    public void ForgetDeleted()
    {
        if (IsDeleted(Status))
            Set(status => IsDeleted(status) ? new() : status);

        static bool IsDeleted(TrainingStatus status) => status is { IsBusy: false, RunPath: { } path } && !Directory.Exists(path);
    }

    /// <summary>Starts a training.</summary>
    /// <param name="request">What it shall be.</param>
    /// <exception cref="LatentException">Another training is running, or the request is out of range.</exception>
    public void Start(TrainingRequest request)
    {
        var problems = request.Problems(Runs);
        if (problems.Count > 0)
            throw new LatentException(string.Join(" ", problems.Values));
        Begin(stop => Train(request, stop), keepsCurve: false, run: null);
    }

    /// <summary>Goes on with an interrupted training, to the same bits as if it had not been interrupted.</summary>
    /// <param name="name">The name of a run's folder in the folder of runs.</param>
    /// <exception cref="LatentException">Another training is running, or there is no such run.</exception>
    public void Resume(string name)
    {
        // the name is looked for among those that there are, and never becomes a path of itself
        string path =
            Folders().FirstOrDefault(folder => Path.GetFileName(folder) == name)
            ?? throw new LatentException($"There is no run '{name}'.", $"the name of a run in '{Runs}'");
        Resume(RunFolder.Open(path));
    }

    /// <summary>Goes on with the training that was paused or stopped here.</summary>
    /// <exception cref="LatentException">There is none.</exception>
    public void Resume() =>
        Resume(
            Status is { CanResume: true, RunPath: { } path }
                ? RunFolder.Open(path)
                : throw new LatentException("There is no training that could go on.")
        );

    /// <summary>Ends the training after the step it is in, to go on later; does nothing where none runs.</summary>
    public void Pause() => End(Wish.Pause, TrainingPhase.Pausing);

    /// <summary>
    /// Ends the training after the step it is in and draws the pictures of what there is, as for a run that is interrupted in a terminal. A
    /// paused training is left at what it is.
    /// </summary>
    public void Stop()
    {
        if (Status.Phase == TrainingPhase.Paused)
            Begin(_ => Leave(), keepsCurve: true, Status.RunPath);
        else
            End(Wish.Stop, TrainingPhase.Stopping);
    }

    /// <summary>The runs in the folder of runs whose training can go on, the last written first.</summary>
    public IReadOnlyList<InterruptedRun> Interrupted()
    {
        var status = Status;
        string? busy = status.IsBusy || status.CanResume ? status.RunPath : null;
        var found = new List<(DateTime Written, InterruptedRun Run)>();
        foreach (string path in Folders().Where(path => path != busy))
            try
            {
                if (!RunFolder.IsRun(path))
                    continue;
                var run = RunFolder.Open(path);
                var info = run.ReadInfo();
                if (info.Status is not ("running" or "cancelled") || info.Data is null || !File.Exists(run.StatePath))
                    continue;
                int epochs = info.Options["epochs"]?.GetValue<int>() ?? 0;
                found.Add(
                    (
                        File.GetLastWriteTimeUtc(run.StatePath),
                        new(
                            Path.GetFileName(path),
                            info.Data.Name,
                            info.LatentSize,
                            info.Epochs,
                            epochs,
                            info.BestValLoss,
                            info.Status == "running"
                        )
                    )
                );
            }
            catch (Exception e) when (e is LatentException or IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                // a run that cannot be read cannot go on
            }
        return [.. found.OrderByDescending(f => f.Written).Select(f => f.Run)];
    }

    /// <summary>Ends the training with its state saved, and waits for that.</summary>
    public async ValueTask DisposeAsync()
    {
        Task work;
        lock (_lock)
        {
            _disposed = true;
            _wish = Wish.Leave;
            _stop?.Cancel();
            work = _work;
        }
        await work.ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Waits until nothing is being done any more.</summary>
    internal Task WhenIdle() => Volatile.Read(ref _work);

    private void Resume(RunFolder run) => Begin(stop => GoOn(run, stop), keepsCurve: run.Path == Status.RunPath, run.Path);

    private void Begin(Action<CancellationToken> work, bool keepsCurve, string? run)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_status.IsBusy)
                throw new LatentException(
                    $"Another training is running{(_status.Run is { } other ? $": {other}" : "")}.",
                    "one training at a time",
                    fix: "wait for its end, or pause or stop it first"
                );
            _stop?.Dispose();
            _stop = new();
            _wish = Wish.None;
            if (!keepsCurve)
                _steps = new();
            var before = _status;
            Set(s =>
                new()
                {
                    Phase = TrainingPhase.Preparing,
                    Run = run is null ? null : Path.GetFileName(run),
                    RunPath = run,
                    Subject = keepsCurve ? before.Subject : null,
                    Progress = keepsCurve ? before.Progress : null,
                    History = keepsCurve ? before.History : [],
                    Steps = keepsCurve ? before.Steps : StepCurve.Empty,
                    Snapshots = keepsCurve ? before.Snapshots : [],
                    BestEpoch = keepsCurve ? before.BestEpoch : 0,
                }
            );
            var token = _stop.Token;
            _work = Task.Factory.StartNew(
                () => Guarded(() => work(token)),
                CancellationToken.None,
                TaskCreationOptions.LongRunning, // a thread of its own
                TaskScheduler.Default
            );
        }
    }

    private void End(Wish wish, TrainingPhase phase)
    {
        lock (_lock)
        {
            bool firmer = _status.Phase == TrainingPhase.Pausing && wish == Wish.Stop;
            if (!_status.CanStop && !firmer)
                return;
            _wish = wish;
            Set(s => s with { Phase = phase });
            _stop?.Cancel();
        }
    }

    /// <summary>Whatever goes wrong is told in the page; only what is a fault of the program also goes into the log.</summary>
    private void Guarded(Action work)
    {
        try
        {
            work();
        }
        catch (OperationCanceledException)
        {
            Set(s => s with { Phase = s.RunPath is null ? TrainingPhase.Idle : TrainingPhase.Stopped }); // while the data came
        }
        catch (LatentException e)
        {
            Set(s => s with { Phase = TrainingPhase.Failed, Error = e.Message });
        }
        catch (Exception e)
        {
            Log.Fault(_log, e);
            Set(s => s with { Phase = TrainingPhase.Failed, Error = $"The training ended with a fault of Latent: {e.Message}" });
        }
    }

    private void Train(TrainingRequest request, CancellationToken stop)
    {
        _data = null; // the files may be others than at the last start
        var reading = ReadingOf(request.Data);
        var data = Open(request.Data, reading, stop);
        var options = request.ToOptions();
        var model = new Autoencoder(
            Article.Encoder(request.Latent, data.Train.Shape, halvings: Article.Halvings(data.Train.Shape)),
            Article.Decoder(request.Latent, data.Train.Shape, halvings: Article.Halvings(data.Train.Shape)),
            request.Seed
        );
        if (reading is not null)
            model.Info = model.Info with { Codec = new() { Fit = reading.Fit } };
        var run = string.IsNullOrEmpty(request.Name)
            ? RunFolder.CreateNext(Runs, $"{data.Name}-z{request.Latent}")
            : RunFolder.Create(Path.Combine(Runs, request.Name));
        options = options with
        {
            OnWarning = Warn,
            Callbacks =
            [
                .. options.Callbacks,
                new ModelMeasures(data),
                new SnapshotRecorder(run),
                new RunRecorder(run, RunRecorder.Describe(data, SourceOf(request.Data), reading)),
            ],
        };
        Tell(run, model, data, options, []);
        var result = model.Fit(data.Train, data.ValidationOrTest, options, new Reports(this), stop);
        Finish(run, model, data, result);
    }

    private void GoOn(RunFolder run, CancellationToken stop)
    {
        using var saved = SavedTraining.Open(run.Path);
        if (saved.Data is not { } known)
            throw new LatentException(
                $"The run '{run.Path}' does not say which data it was trained on.",
                fix: $"go on from a terminal, and name the data: latent train DATA --resume {run.Path}"
            );
        var data = Open(known.Source, known.Folder, stop);
        var options = saved.ReadOptions();
        options = options with
        {
            OnWarning = Warn,
            Callbacks = [.. options.Callbacks, new ModelMeasures(data), new SnapshotRecorder(run), new RunRecorder(run, known)],
        };
        saved.Check(data.Train, data.ValidationOrTest, options);
        if (saved.StepsInEpoch > 0)
            _steps.GoOn();
        Tell(run, saved.Model, data, options, saved.History);
        var result = saved.Resume(data.Train, data.ValidationOrTest, options, new Reports(this), stop);
        Finish(run, saved.Model, data, result);
    }

    /// <summary>What is left to do for a paused training that shall not go on now.</summary>
    private void Leave()
    {
        var run = RunFolder.Open(Status.RunPath!);
        if (run.ReadInfo().Data is { } known && File.Exists(run.ModelPath))
            Draw(run, Autoencoder.Open(run.ModelPath), Open(known.Source, known.Folder, CancellationToken.None));
        Set(s => s with { Phase = TrainingPhase.Stopped });
    }

    private void Finish(RunFolder run, Autoencoder model, DataSet data, TrainingResult result)
    {
        Wish wish;
        lock (_lock)
            wish = _wish;
        LookAtSnapshots(run);
        Set(s => s with { BestEpoch = result.BestEpoch, History = [.. result.History] });
        if (result.Stopped == StopReason.Cancelled && wish is Wish.Pause or Wish.Leave)
        {
            Set(s => s with { Phase = TrainingPhase.Paused });
            return;
        }
        if (File.Exists(run.ModelPath) && wish != Wish.Leave) // what diverged at once has none
            Draw(run, model, data);
        if (result.Stopped == StopReason.NotANumber)
            throw new LatentException("The loss is no number any more: the training diverged.", fix: "a lower learning rate");
        Set(s =>
            s with
            {
                Phase = result.Stopped == StopReason.Cancelled ? TrainingPhase.Stopped : TrainingPhase.Finished,
                EndedEarly = result.Stopped == StopReason.Early,
            }
        );
    }

    private void Draw(RunFolder run, Autoencoder model, DataSet data)
    {
        Set(s => s with { Phase = TrainingPhase.Drawing });
        RunFigures.Draw(run, model, data);
        Set(s => s with { HasReport = true });
    }

    private DataSet Open(string source, FolderReading? folder, CancellationToken stop)
    {
        source = SourceOf(source);
        if (_data is { } last && last.Source == source && last.Folder == folder)
            return last.Data;
        // the studio asks nothing of other machines: data are brought here by latent datasets
        var data = folder is null
            ? DataSets.Open(source, new() { Download = false, OnWarning = Warn }, stop)
            : ImageFolder.Open(source, folder, new() { OnSkipped = file => Warn($"skipped {file}"), OnWarning = Warn }, stop);
        _data = (source, folder, data);
        return data;
    }

    /// <summary>How a folder of image files is read; null for a data set.</summary>
    private static FolderReading? ReadingOf(string data) =>
        ImageFolder.IsMeant(data) ? new FolderReading(new(FolderReading.DefaultSide, FolderReading.DefaultSide, 1)) : null;

    /// <summary>What opens the data again from any folder: a name as it is, a path in full.</summary>
    private static string SourceOf(string data) =>
        DataSets.Names.Contains(data, StringComparer.OrdinalIgnoreCase) ? data : Path.GetFullPath(data);

    private void Tell(RunFolder run, Autoencoder model, DataSet data, TrainingOptions options, IReadOnlyList<EpochResult> history) =>
        Set(s =>
            s with
            {
                Phase = s.Phase == TrainingPhase.Preparing ? TrainingPhase.Running : s.Phase, // it may be ended already
                Run = Path.GetFileName(run.Path),
                RunPath = run.Path,
                Subject = new(
                    data.Name,
                    data.Train.Count,
                    data.Test.Count,
                    model.LatentSize,
                    model.Weights.Layout.Count,
                    options.RecipeName,
                    options.Epochs,
                    options.Seed
                ),
                History = [.. history],
                BestEpoch = Best(history),
            }
        );

    private void Report(TrainingProgress progress)
    {
        if (progress.Completed is null)
            _steps.Add(progress.Epoch, progress.Step, progress.StepsInEpoch, progress.Loss);
        else
            LookAtSnapshots(RunFolder.Open(Status.RunPath!));
        Set(s =>
        {
            var history = progress.Completed is { } epoch ? s.History.Add(epoch) : s.History;
            return s with { Progress = progress, History = history, Steps = _steps.Build(), BestEpoch = Best(history) };
        });
        if (Status.Snapshots.IsEmpty)
            LookAtSnapshots(RunFolder.Open(Status.RunPath!));
    }

    private void LookAtSnapshots(RunFolder run)
    {
        var folder = new SnapshotFolder(run);
        Set(s => s with { Snapshots = [.. folder.Epochs()], HasFinalSnapshot = folder.HasFinal });
    }

    private static int Best(IReadOnlyList<EpochResult> history) =>
        history.Where(e => e.ValLoss is double loss && !double.IsNaN(loss)).MinBy(e => e.ValLoss)?.Epoch ?? 0;

    private void Warn(string message) => Set(s => s with { Warnings = s.Warnings.Add(message) });

    private string[] Folders()
    {
        try
        {
            return Directory.GetDirectories(Runs);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // no run yet
        }
    }

    private void Set(Func<TrainingStatus, TrainingStatus> change)
    {
        lock (_lock)
        {
            Volatile.Write(ref _status, change(_status) with { Version = _status.Version + 1 });
            if (_due || _disposed)
                return;
            _due = true;
            var wait = Between - _clock.GetElapsedTime(_publishedAt);
            _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void Publish()
    {
        lock (_lock)
            (_due, _publishedAt) = (false, _clock.GetTimestamp());
        Changed?.Invoke(this, EventArgs.Empty);
    }

    private sealed class Reports(TrainingService service) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => service.Report(value);
    }
}
