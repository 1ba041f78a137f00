using System.Globalization;
using Latent.Studio.Components;

namespace Latent.Studio.Training;

/// <summary>Shows what the service says. Drawn again at most ten times a second, and only the latest state.</summary>
public sealed partial class TrainingPanel : IDisposable
{
    private TrainingStatus _status = new();
    private int _asked; // whether a drawing is on its way
    private bool _log,
        _connected;

    private IReadOnlyList<NamedHistory> Histories =>
        _status.Phase == TrainingPhase.Idle ? [] : [new(_status.Run ?? "", _status.History, _status.BestEpoch, _status.Steps)];

    private string PhaseText =>
        _status.Phase switch
        {
            TrainingPhase.Preparing => "preparing",
            TrainingPhase.Running => "training",
            TrainingPhase.Pausing => "saving its state",
            TrainingPhase.Paused => "paused",
            TrainingPhase.Stopping => "saving its state",
            TrainingPhase.Drawing => "drawing the pictures",
            TrainingPhase.Finished => _status.EndedEarly ? "ended early: no longer improving" : "finished",
            TrainingPhase.Stopped => "stopped",
            TrainingPhase.Failed => "failed",
            _ => "",
        };

    private string SubjectText =>
        _status.Subject is { } subject
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{subject.Data}: {subject.TrainImages:N0} images, a code of {subject.Latent}, {subject.Parameters:N0} parameters, {(subject.Recipe is { } recipe ? $"recipe {recipe}, " : "")}seed {subject.Seed}"
            )
            : "reading the data";

    /// <summary>From 0 to 1.</summary>
    private double Share =>
        _status.Phase == TrainingPhase.Finished ? 1
        : _status.Progress is { TotalSteps: > 0 } progress ? Math.Clamp((double)progress.TotalStep / progress.TotalSteps, 0, 1)
        : 0;

    private IEnumerable<(string Name, string Value, string TestId)> Numbers
    {
        get
        {
            var progress = _status.Progress;
            var last = _status.History is [.., var epoch] ? epoch : null;
            double? best =
                _status.BestEpoch > 0 && _status.BestEpoch <= _status.History.Length
                    ? _status.History[_status.BestEpoch - 1].ValLoss
                    : null;
            int epochs = _status.Subject?.Epochs ?? 0;
            yield return ("epoch", $"{progress?.Epoch ?? _status.History.Length} / {epochs}", "train-epoch");
            yield return ("loss", Loss(progress?.Loss ?? last?.Loss), "train-loss");
            yield return ("val_loss", Loss(last?.ValLoss), "train-val-loss");
            yield return (best is null ? "best" : $"best (epoch {_status.BestEpoch})", Loss(best), "train-best");
            yield return (
                "images/s",
                progress is { ImagesPerSecond: > 0 } ? progress.ImagesPerSecond.ToString("N0", CultureInfo.InvariantCulture) : "–",
                "train-pace"
            );
            yield return ("elapsed", progress is null ? "–" : Time(progress.Elapsed), "train-elapsed");
            yield return ("remaining", _status.IsBusy && progress?.Remaining is { } remaining ? Time(remaining) : "–", "train-remaining");
        }
    }

    private string? ExplorerLink => _status is { IsBusy: false, Run: { } run, BestEpoch: > 0 } ? Addresses.Explorer(run) : null;

    private string? ReportLink => _status is { IsBusy: false, HasReport: true, Run: { } run } ? Addresses.Report(run) : null;

    /// <inheritdoc/>
    public void Dispose() => Service.Changed -= Changed;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _status = Service.Status;
        Service.Changed += Changed;
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
            return;
        _connected = true; // a click before that would be lost
        StateHasChanged();
    }

    private void Changed(object? sender, EventArgs e)
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0)
            _ = InvokeAsync(() =>
            {
                Volatile.Write(ref _asked, 0);
                _status = Service.Status;
                StateHasChanged();
            });
    }

    private void Resume() => Try(Service.Resume);

    private void Stop() => Try(Service.Stop);

    private void Try(Action act)
    {
        try
        {
            act();
            _status = Service.Status;
        }
        catch (LatentException e)
        {
            _status = Service.Status with { Error = e.Message }; // until the next change
        }
    }

    private static string Loss(double? loss) => loss is double value ? value.ToString("G4", CultureInfo.InvariantCulture) : "–";

    private static string Time(TimeSpan time) =>
        time.TotalSeconds < 60 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s")
        : time.TotalHours < 1 ? $"{time.Minutes} min {time.Seconds} s"
        : $"{(int)time.TotalHours} h {time.Minutes} min";
}
