using Latent.Studio.Training;

namespace Latent.Studio.Pages;

/// <summary>The page that trains: the form, the trainings that can go on, and the training that runs, which belongs to the server and not to the page.</summary>
public sealed partial class Train : IDisposable
{
    private const int FirstShown = 4;

    private IReadOnlyList<InterruptedRun> _interrupted = [];
    private int _shown = FirstShown;
    private bool _busy,
        _connected;
    private string? _busyWith,
        _refused;
    private TrainingPhase _phase;

    /// <inheritdoc/>
    public void Dispose() => Service.Changed -= Changed;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Service.ForgetDeleted();
        Look();
        Service.Changed += Changed;
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
            return;
        _connected = true;
        StateHasChanged();
    }

    private void Changed(object? sender, EventArgs e)
    {
        // all else is the panel's: it is drawn several times a second, and the form is not
        if (Service.Status.Phase != _phase)
            _ = InvokeAsync(() =>
            {
                Look();
                StateHasChanged();
            });
    }

    private void Look()
    {
        var status = Service.Status;
        (_phase, _busy, _busyWith) = (status.Phase, status.IsBusy, status.IsBusy ? status.Run ?? "a new run" : null);
        _interrupted = Service.Interrupted();
    }

    private void Start(TrainingRequest request) => Try(() => Service.Start(request));

    private void Resume(string run) => Try(() => Service.Resume(run));

    private void Try(Action act)
    {
        _refused = null;
        try
        {
            act();
        }
        catch (LatentException e)
        {
            _refused = e.Message;
        }
        Look();
    }
}
