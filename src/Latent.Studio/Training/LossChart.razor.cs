using System.Globalization;
using System.Runtime.InteropServices;
using Latent.Training;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Latent.Studio.Training;

/// <summary>
/// Curves of losses, drawn in the browser by uPlot: of one training its steps, the loss and the validation loss of its epochs and the best of
/// these; of several these two for each, in a colour of its own. Only what is new is sent.
/// </summary>
public sealed partial class LossChart : IAsyncDisposable
{
    private ElementReference _root;
    private IJSObjectReference? _module;
    private bool _created,
        _sending,
        _again,
        _gone;
    private bool? _sentLog;
    private IReadOnlyList<NamedHistory>? _sentHistories;
    private StepCurve?[] _sentSteps = [];

    [Inject]
    private IJSRuntime Browser { get; set; } = null!;

    /// <summary>What is drawn.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<NamedHistory> Histories { get; set; } = [];

    /// <summary>Whether losses have a logarithmic scale.</summary>
    [Parameter]
    public bool Log { get; set; }

    /// <summary>The height with the legend, as CSS has it.</summary>
    [Parameter]
    public string Height { get; set; } = "340px";

    /// <summary>What is said where there is nothing to draw.</summary>
    [Parameter]
    public string EmptyText { get; set; } = "The loss appears here as the training goes.";

    /// <summary>For who cannot see it.</summary>
    private string Described =>
        Histories.Count switch
        {
            0 => "Loss chart, empty",
            1 => Histories[0].History is [.., var last]
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"Loss chart: after {Histories[0].History.Count} epochs loss {last.Loss:G4}{(last.ValLoss is double loss ? $", val_loss {loss:G4}" : "")}"
                        + $"{(Histories[0].BestEpoch > 0 ? $", best epoch {Histories[0].BestEpoch}" : "")}"
                )
                : "Loss chart: no epoch has ended yet",
            _ => $"Loss chart of {string.Join(", ", Histories.Select(h => h.Name))}",
        };

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // one sending at a time: a slow browser gets the latest state, not all of them
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
        catch (JSDisconnectedException)
        {
            // the page is gone
        }
        catch (TaskCanceledException)
        {
            // the page is gone, or its browser does not answer
        }
        finally
        {
            _sending = false;
        }
    }

    private async Task Send()
    {
        if (!_created)
        {
            _module = await Browser.InvokeAsync<IJSObjectReference>("import", "./_content/Latent.Studio/loss-chart.js");
            await _module.InvokeVoidAsync("create", _root, new { log = Log });
            (_created, _sentLog) = (true, Log);
        }
        var histories = Histories;
        if (_sentLog != Log)
        {
            _sentLog = Log;
            await _module!.InvokeVoidAsync("setLog", _root, Log);
        }
        if (!Same(histories, _sentHistories))
        {
            bool keepsSteps =
                _sentHistories is not null
                && histories.Select(h => h.Name).SequenceEqual(_sentHistories.Select(h => h.Name), StringComparer.Ordinal);
            if (!keepsSteps)
                _sentSteps = new StepCurve?[histories.Count];
            _sentHistories = histories;
            await _module!.InvokeVoidAsync("setCurves", _root, histories.Select(Curve.Of).ToArray(), keepsSteps);
        }
        for (int i = 0; i < histories.Count; i++)
            if (histories[i].Steps is { } steps && !ReferenceEquals(steps, _sentSteps[i]))
            {
                int from = From(_sentSteps[i], steps);
                _sentSteps[i] = steps;
                await _module!.InvokeVoidAsync(
                    "setSteps",
                    _root,
                    i,
                    from,
                    Bytes(steps.Epochs.AsSpan()[from..]),
                    Bytes(steps.Losses.AsSpan()[from..])
                );
            }
    }

    /// <summary>The first point that the browser does not have.</summary>
    private static int From(StepCurve? sent, StepCurve steps) =>
        sent is not null
        && sent.Thinned == steps.Thinned
        && sent.Epochs.Length <= steps.Epochs.Length
        && (sent.Epochs.IsEmpty || sent.Epochs[^1] == steps.Epochs[sent.Epochs.Length - 1])
            ? sent.Epochs.Length
            : 0;

    private static bool Same(IReadOnlyList<NamedHistory> now, IReadOnlyList<NamedHistory>? before) =>
        before is not null
        && now.Count == before.Count
        && now.Zip(before)
            .All(pair =>
                pair.First.Name == pair.Second.Name
                && pair.First.BestEpoch == pair.Second.BestEpoch
                && pair.First.History.Count == pair.Second.History.Count
                && (pair.First.History.Count == 0 || IsSame(pair.First.History[^1], pair.Second.History[^1]))
            );

    private static bool IsSame(EpochResult a, EpochResult b) => (a.Epoch, a.Loss, a.ValLoss) == (b.Epoch, b.Loss, b.ValLoss);

    private static byte[] Bytes(ReadOnlySpan<double> numbers) => MemoryMarshal.AsBytes(numbers).ToArray();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _gone = true;
        if (_module is null)
            return;
        try
        {
            await _module.InvokeVoidAsync("destroy", _root);
            await _module.DisposeAsync();
        }
        catch (Exception e) when (e is JSDisconnectedException or TaskCanceledException)
        {
            // the page is gone, and the chart with it
        }
    }

    /// <summary>A curve as the script takes it. What is not finite, JSON cannot say: there the line has a gap.</summary>
    private sealed record Curve(string Name, int[] Epochs, double?[] Loss, double?[] ValLoss, int Best)
    {
        public static Curve Of(NamedHistory history) =>
            new(
                history.Name,
                [.. history.History.Select(e => e.Epoch)],
                [.. history.History.Select(e => Finite(e.Loss))],
                [.. history.History.Select(e => Finite(e.ValLoss))],
                history.BestEpoch
            );

        private static double? Finite(double? value) => value is double number && double.IsFinite(number) ? number : null;
    }
}
