using Latent.Tests.Browser;
using Microsoft.Playwright;

namespace Latent.Studio.Tests.EndToEnd;

/// <summary>A person's page of the studio. At its end nothing may have gone wrong in it, and nothing may have been asked of another machine.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly List<string> _wrong = [];

    private Visit(IPage page, string address)
    {
        (Page, Address) = (page, address);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _wrong.Add($"console {message.Type}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => _wrong.Add($"page error: {error}");
        page.RequestFailed += (_, request) =>
        {
            if (request.Failure is not "net::ERR_ABORTED") // the page was left
                _wrong.Add($"failed: {request.Url}: {request.Failure}");
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal) && new Uri(request.Url).Scheme is not ("data" or "blob"))
                _wrong.Add($"another machine: {request.Url}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                _wrong.Add($"{response.Status}: {response.Url}");
        };
    }

    public IPage Page { get; }

    public string Address { get; }

    /// <summary>What went wrong so far.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    public static async Task<Visit> OpenAsync(
        Chromium chromium,
        StudioProgram studio,
        string path = "/",
        int width = 1440,
        int height = 900,
        ColorScheme scheme = ColorScheme.Light
    )
    {
        var visit = new Visit(await chromium.PageAsync(width, height, scheme), studio.Address);
        await visit.GoAsync(path);
        return visit;
    }

    /// <summary>Goes to a page and waits until it answers to clicks.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync($"{Address}{path}");
        await Page.Locator("main[data-live=true]").WaitForAsync();
    }

    /// <summary>Waits until the map has all its points.</summary>
    public async Task<ILocator> MapAsync(string within = "body")
    {
        var map = Page.Locator($"{within} [data-testid=latent-map][data-ready=true]");
        await map.WaitForAsync();
        return map;
    }

    public ILocator Test(string id, string within = "body") => Page.Locator($"{within} [data-testid='{id}']");

    /// <summary>The version of the decoded picture.</summary>
    public async Task<int> VersionAsync(string within = "body") =>
        int.Parse((await Test("decoded", within).GetAttributeAsync("data-version"))!);

    /// <summary>Waits for a newer picture.</summary>
    public Task NewerAsync(int than, string within = "body") =>
        Page.WaitForFunctionAsync(
            "([within, than]) => +document.querySelector(`${within} [data-testid=decoded]`).dataset.version > than",
            new object[] { within, than }
        );

    /// <summary>Moves a slider as a person does, by setting it and its event.</summary>
    public Task SlideAsync(int slider, double value, string within = "body") =>
        Page.EvaluateAsync(
            """
            ([within, slider, value]) => {
              const place = document.querySelector(`${within} [data-testid=slider-${slider}]`);
              const input = place.matches('input') ? place : place.querySelector('input[type=range]');
              input.value = value;
              input.dispatchEvent(new Event('input', { bubbles: true }));
            }
            """,
            new object[] { within, slider, value }
        );

    public Task<double> SliderAsync(int slider, string within = "body") =>
        Page.EvaluateAsync<double>(
            """
            ([within, slider]) => {
              const place = document.querySelector(`${within} [data-testid=slider-${slider}]`);
              return +(place.matches('input') ? place : place.querySelector('input[type=range]')).value;
            }
            """,
            new object[] { within, slider }
        );

    public void AssertClean() => Assert.Empty(_wrong);

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}
