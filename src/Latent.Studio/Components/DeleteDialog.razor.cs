using Latent.Studio.Catalogue;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Latent.Studio.Components;

/// <summary>Asks before a run is deleted.</summary>
public sealed partial class DeleteDialog
{
    /// <summary>The run.</summary>
    [Parameter, EditorRequired]
    public RunSummary Run { get; set; } = null!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    private void Cancel() => Dialog.Cancel();

    private void Delete() => Dialog.Close();
}
