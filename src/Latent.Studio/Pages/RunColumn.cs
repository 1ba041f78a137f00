using Latent.Studio.Catalogue;
using Latent.Studio.Components;

namespace Latent.Studio.Pages;

/// <summary>A column of the table of runs.</summary>
/// <param name="Title">Its head.</param>
/// <param name="Text">What a cell says.</param>
/// <param name="Value">What it is sorted by; null comes last in either order.</param>
/// <param name="IsNumber">Whether it stands to the right, and is sorted with the largest first at once where <paramref name="LargestFirst"/>.</param>
/// <param name="LargestFirst">Whether the first click sorts the largest first.</param>
internal sealed record RunColumn(
    string Title,
    Func<RunSummary, string> Text,
    Func<RunSummary, IComparable?> Value,
    bool IsNumber = true,
    bool LargestFirst = false
)
{
    public static RunColumn Name { get; } = new("name", run => run.Id, run => run.Id, IsNumber: false);

    public static RunColumn Status { get; } =
        new("status", run => Words.Status(run.Status), run => Words.Status(run.Status), IsNumber: false);

    public static RunColumn Changed { get; } = new("changed", run => Words.Time(run.Changed), run => run.Changed, LargestFirst: true);

    public static IReadOnlyList<RunColumn> All { get; } =
    [
        Name,
        new("data", run => run.Data ?? "", run => run.Data, IsNumber: false),
        new("latent", run => $"{run.Latent}", run => run.Latent),
        new("recipe", run => run.Recipe ?? "", run => run.Recipe, IsNumber: false),
        new("val_loss", run => Words.Loss(run.ValLoss), run => run.ValLoss),
        new("epochs", run => run.Epochs > 0 ? $"{run.Epochs}" : "", run => run.Epochs, LargestFirst: true),
        new("time", run => Words.Duration(run.Seconds), run => run.Seconds, LargestFirst: true),
        new("size", run => Words.Size(run.Size), run => run.Size, LargestFirst: true),
        Status,
        Changed,
    ];

    /// <summary>For the style sheet.</summary>
    public string Class => $"runs-{Title.Replace('_', '-')}{(IsNumber ? " is-number" : "")}";

    public IEnumerable<RunSummary> Sort(IEnumerable<RunSummary> runs, bool descending)
    {
        var known = runs.OrderBy(run => Value(run) is null);
        return descending ? known.ThenByDescending(Value) : known.ThenBy(Value);
    }
}
