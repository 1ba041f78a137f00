using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Latent.Studio.Training;

/// <summary>A slider over the epochs of a run, with the pictures and the map of each. Follows the latest until somebody goes back.</summary>
public sealed partial class TimeMachine : IAsyncDisposable
{
    private ElementReference _bar,
        _pictures,
        _map;
    private IJSObjectReference? _module;
    private (string Run, int Last, int Count, bool HasFinal, int Best)? _sent;
    private bool _sending,
        _again,
        _gone;

    [Inject]
    private IJSRuntime Browser { get; set; } = null!;

    /// <summary>The run's name.</summary>
    [Parameter, EditorRequired]
    public string Run { get; set; } = "";

    /// <summary>The epochs that there are snapshots of, ascending.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<int> Epochs { get; set; } = [];

    /// <summary>Whether there is one of the final model.</summary>
    [Parameter]
    public bool HasFinal { get; set; }

    /// <summary>The best epoch; 0 for none.</summary>
    [Parameter]
    public int BestEpoch { get; set; }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        _again = true;
        if (_sending)
            return;
        _sending = true;
        try
        {
            while (_again && !_gone)
            {
                _again = false;
                await Send();
            }
        }
        catch (Exception e) when (e is JSDisconnectedException or TaskCanceledException)
        {
            // the page is gone
        }
        finally
        {
            _sending = false;
        }
    }

    private async Task Send()
    {
        if (_module is null)
        {
            _module = await Browser.InvokeAsync<IJSObjectReference>("import", "./_content/Latent.Studio/time-machine.js");
            await _module.InvokeVoidAsync("create", _bar, _pictures, _map);
        }
        var now = (Run, Epochs.Count > 0 ? Epochs[^1] : -1, Epochs.Count, HasFinal, BestEpoch);
        if (_sent == now)
            return;
        _sent = now;
        await _module.InvokeVoidAsync("setEpochs", _bar, Run, Epochs, HasFinal, BestEpoch);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _gone = true;
        if (_module is null)
            return;
        try
        {
            await _module.InvokeVoidAsync("destroy", _bar);
            await _module.DisposeAsync();
        }
        catch (Exception e) when (e is JSDisconnectedException or TaskCanceledException)
        {
            // the page is gone, and all that was drawn with it
        }
    }
}
