using Bunit;
using Latent.Studio.Catalogue;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace Latent.Studio.Tests.Pages;

/// <summary>Pages without a browser, over a folder of runs.</summary>
public abstract class Rendering : BunitContext
{
    private readonly List<CopiedRuns> _copies = [];

    protected Rendering()
    {
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose; // MudBlazor calls JavaScript at will
    }

    /// <summary>Has pages show these runs.</summary>
    internal RunCatalogue Show(CopiedRuns runs)
    {
        _copies.Add(runs);
        var catalogue = new RunCatalogue(runs.Path, []);
        Services.AddSingleton(catalogue);
        return catalogue;
    }

    /// <summary>What dialogs, popovers and messages appear in.</summary>
    protected IRenderedComponent<MudDialogProvider> Providers()
    {
        Render<MudPopoverProvider>();
        Render<MudSnackbarProvider>();
        return Render<MudDialogProvider>();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        foreach (var copy in _copies)
            copy.Dispose();
        _copies.Clear();
    }
}
