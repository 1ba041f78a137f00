using Latent.Studio.Catalogue;
using Latent.Studio.Components;
using Latent.Studio.Training;
using Latent.Training;
using MudBlazor;

namespace Latent.Studio.Pages;

/// <summary>The table of runs: sort, look at the losses of several, compare two, delete.</summary>
public sealed partial class Runs
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(2);

    private readonly HashSet<string> _selected = new(StringComparer.Ordinal);
    private IReadOnlyList<RunSummary> _runs = [];
    private IReadOnlyList<NamedHistory> _histories = [];
    private RunColumn _column = RunColumn.Changed;
    private bool _descending = true,
        _asks,
        _log;

    private IEnumerable<RunSummary> Sorted => _column.Sort(_runs, _descending);

    /// <summary>The page that compares the two selected runs; null where there are not two with a model.</summary>
    private string? CompareAddress =>
        Sorted.Where(run => _selected.Contains(run.Id)).ToArray()
            is [{ HasModel: true, Problem: null } a, { HasModel: true, Problem: null } b]
            ? Addresses.Compare(a.Id, b.Id)
            : null;

    /// <inheritdoc/>
    protected override void OnInitialized() => Look();

    private void Look()
    {
        _runs = Catalogue.List();
        _selected.RemoveWhere(id => _runs.All(run => run.Id != id));
        ReadHistories();
    }

    private void Sort(RunColumn column) => (_descending, _column) = (column == _column ? !_descending : column.LargestFirst, column);

    private string SortOf(RunColumn column) =>
        column != _column ? "none"
        : _descending ? "descending"
        : "ascending";

    private static string ClassOf(RunColumn column, string text) => text.Length == 0 ? $"{column.Class} is-empty" : column.Class;

    private string ArrowOf(RunColumn column) =>
        column != _column ? ""
        : _descending ? " ↓"
        : " ↑";

    private void Select(RunSummary run)
    {
        if (!_selected.Remove(run.Id))
            _selected.Add(run.Id);
        ReadHistories();
    }

    private void Clear()
    {
        _selected.Clear();
        ReadHistories();
    }

    private void ReadHistories() =>
        _histories = [
            .. _runs
                .Where(run => run.HasHistory && _selected.Contains(run.Id))
                .Select(run => new NamedHistory(run.Id, HistoryOf(run.Id)))
                .Where(history => history.History.Count > 0),
        ];

    private IReadOnlyList<EpochResult> HistoryOf(string id)
    {
        try
        {
            return Catalogue.History(id);
        }
        catch (LatentException)
        {
            return []; // a training that has just begun, or a damaged file: its line in the table says it
        }
    }

    private async Task DeleteAsync(RunSummary run)
    {
        if (_asks)
            return; // a second click
        _asks = true;
        var dialog = await Dialogs.ShowAsync<DeleteDialog>("Delete run", new DialogParameters<DeleteDialog> { { d => d.Run, run } });
        var answer = await dialog.Result;
        _asks = false;
        if (answer is not { Canceled: false })
            return;
        try
        {
            Catalogue.Delete(run.Id);
            Snackbar.Add($"{run.Id} is deleted.", Severity.Normal);
        }
        catch (LatentException e)
        {
            Snackbar.Add(e.Message, Severity.Error);
        }
        Look();
    }
}
