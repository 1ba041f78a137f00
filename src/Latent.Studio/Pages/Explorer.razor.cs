using Latent.Studio.Catalogue;
using Microsoft.AspNetCore.Components;

namespace Latent.Studio.Pages;

/// <summary>The explorer of a run; studio.js fills its element.</summary>
public sealed partial class Explorer
{
    private RunSummary? _run;

    /// <summary>The run's name in the address; null for the first run.</summary>
    [SupplyParameterFromQuery(Name = "run")]
    public string? Run { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet() => Look();

    private void Look() => _run = Run is { Length: > 0 } asked ? Catalogue.Find(asked)?.Summary() : Catalogue.First();
}
