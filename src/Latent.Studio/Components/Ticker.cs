using Microsoft.AspNetCore.Components;

namespace Latent.Studio.Components;

/// <summary>Shows nothing, and calls every few seconds for as long as it is on a page.</summary>
public sealed class Ticker : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    /// <summary>What is called.</summary>
    [Parameter]
    public EventCallback OnTick { get; set; }

    /// <summary>How often.</summary>
    [Parameter]
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
            _ = TickAsync(_gone.Token);
    }

    private async Task TickAsync(CancellationToken gone)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(gone).ConfigureAwait(false))
                await InvokeAsync(OnTick.InvokeAsync).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // the page was left
        }
    }
}
