using Latent.Studio.Catalogue;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace Latent.Studio.Components;

/// <summary>The frame around all pages: name, pages, run, theme.</summary>
public sealed partial class MainLayout : IDisposable
{
    private ErrorBoundary? _boundary;
    private IReadOnlyList<RunSummary> _runs = [];
    private string _run = "",
        _lastRun = "",
        _page = "";
    private bool _isLive; // not while the server writes the page before its connection stands

    /// <summary>The explorer of the run that was looked at last.</summary>
    private string ExplorerHref => _lastRun.Length == 0 ? "/" : Addresses.Explorer(_lastRun);

    /// <inheritdoc/>
    public void Dispose() => Navigation.LocationChanged -= Moved;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        Look();
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
            return;
        _isLive = true;
        StateHasChanged();
    }

    private void Moved(object? sender, LocationChangedEventArgs e) =>
        _ = InvokeAsync(() =>
        {
            _boundary?.Recover();
            Look();
            StateHasChanged();
        });

    private void Look()
    {
        var address = Navigation.ToAbsoluteUri(Navigation.Uri);
        _page = address.AbsolutePath.Trim('/');
        _runs = Catalogue.List();
        _run = "";
        if (_page.Length > 0)
            return;
        string? asked = QueryHelpers.ParseQuery(address.Query).TryGetValue("run", out var run) ? run.ToString() : Catalogue.First()?.Id;
        _run = _runs.Any(known => known.Id == asked) ? asked! : "";
        _lastRun = _run;
    }

    private string? Current(params ReadOnlySpan<string> pages) => pages.Contains(_page) ? "page" : null;

    private void Choose(ChangeEventArgs e)
    {
        if (e.Value is string { Length: > 0 } run)
            Navigation.NavigateTo(Addresses.Explorer(run));
    }

    private void Recover() => _boundary?.Recover();
}
