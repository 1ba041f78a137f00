using Latent.Studio.Catalogue;
using Latent.Studio.Components;
using Microsoft.AspNetCore.Components;

namespace Latent.Studio.Pages;

/// <summary>Two explorers side by side; where the latent sizes agree, a code in one is shown in the other too.</summary>
public sealed partial class Compare
{
    private IReadOnlyList<RunSummary> _choices = [];
    private RunSummary? _a,
        _b;

    /// <summary>The run on the left; null for the first that there is.</summary>
    [SupplyParameterFromQuery(Name = "a")]
    public string? A { get; set; }

    /// <summary>The run on the right; null for another one.</summary>
    [SupplyParameterFromQuery(Name = "b")]
    public string? B { get; set; }

    private bool AreLinked => _a is { Problem: null, Latent: { } a } && _b is { Problem: null, Latent: { } b } && a == b;

    private string LinkText =>
        AreLinked ? "The cross-hairs are linked: the same code in both."
        : _a?.Latent is { } a && _b?.Latent is { } b && a != b
            ? $"The cross-hairs are not linked: a code has {a} {(a == 1 ? "number" : "numbers")} on the left and {b} on the right."
        : "The cross-hairs are not linked.";

    private IEnumerable<(string Side, RunSummary Run)> Sides => [("a", _a!), ("b", _b!)];

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        _choices = [.. Catalogue.List().Where(run => run.HasModel)];
        _a = Known(A) ?? _choices.FirstOrDefault(run => run.Id != B);
        _b =
            Known(B)
            ?? _choices.FirstOrDefault(run => run.Id != _a?.Id && run.Latent == _a?.Latent)
            ?? _choices.FirstOrDefault(run => run.Id != _a?.Id);
    }

    private RunSummary? Known(string? id) => _choices.FirstOrDefault(run => run.Id == id);

    private static string NumbersOf(RunSummary run) =>
        string.Join(
            " · ",
            new[]
            {
                run.Data,
                run.Latent is { } latent ? $"{latent} latent {(latent == 1 ? "number" : "numbers")}" : null,
                run.Recipe,
                run.ValLoss is { } loss ? $"val_loss {Words.Loss(loss)}" : null,
            }.Where(part => !string.IsNullOrEmpty(part))
        );

    private void Choose(string side, ChangeEventArgs e)
    {
        string run = e.Value as string ?? "";
        Navigation.NavigateTo(side == "a" ? Addresses.Compare(run, _b!.Id) : Addresses.Compare(_a!.Id, run));
    }

    private void Swap() => Navigation.NavigateTo(Addresses.Compare(_b!.Id, _a!.Id));
}
