using System.Text.Json;
using Latent.Tests.Shared;
using Microsoft.Playwright;

namespace Latent.Explorer.Tests.Explorer;

/// <summary>
/// A page with the explorer on a backend that draws spots (fake-backend.js), so that what is seen follows from the code in a known way. In the
/// page, 'explorer' is the controller, 'backend' the backend and 'states' what was reported of the state.
/// </summary>
internal sealed class FakePage : IAsyncDisposable
{
    private const string Html = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>explorer</title>
        <style>body { margin: 0; font-family: sans-serif; } main { padding: 60px 12px 12px; }</style></head>
        <body><main><div id="explorer"></div></main></body></html>
        """;

    private readonly List<string> _faults = [];

    private FakePage(IPage page) => Page = page;

    public IPage Page { get; }

    public ILocator Map => Page.GetByTestId("latent-map");

    public ILocator Decoded => Page.GetByTestId("decoded");

    /// <param name="chromium">The browser.</param>
    /// <param name="backend">The arguments of fakeBackend, in JavaScript.</param>
    /// <param name="options">The options of mount, in JavaScript.</param>
    /// <param name="width">The window's.</param>
    /// <param name="height">The window's.</param>
    public static async Task<FakePage> OpenAsync(
        Chromium chromium,
        string backend = "{}",
        string options = "{}",
        int width = 1040,
        int height = 760
    )
    {
        var page = new FakePage(await chromium.PageAsync(width, height));
        page.Page.Console += (_, message) =>
        {
            bool ofTests = message.Text.StartsWith("Canvas2D: Multiple readback", StringComparison.Ordinal);
            if (message.Type is "error" or "warning" && !ofTests)
                page._faults.Add(message.Text);
        };
        page.Page.PageError += (_, error) => page._faults.Add(error);
        await page.Page.SetContentAsync(Html);
        await page.Page.AddStyleTagAsync(new() { Content = ExplorerAssets.Text("explorer.css") });
        string fake = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "tests", "Latent.Explorer.Tests", "Explorer", "fake-backend.js"),
            TestContext.Current.CancellationToken
        );
        string script = JoinedScript.Of(
            "test.js",
            $$"""
            window.states = [];
            window.shifts = 0;
            new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifts += entry.value)).observe({ type: 'layout-shift', buffered: true });
            window.pages = { png, animatedPng, besides, enlargedPixels, centeredDigit, codeBetween };
            window.backend = fakeBackend({{backend}});
            window.opened = performance.now();
            window.explorer = mount(document.getElementById('explorer'), window.backend, { onChange: state => window.states.push(state), ...{{options}} });
            """,
            name => name == "test.js" ? "import { mount } from './explorer.js';\n" + fake : ExplorerAssets.Text(name)
        );
        await page.Page.AddScriptTagAsync(new() { Content = script });
        await Assertions.Expect(page.Map).ToHaveAttributeAsync("data-ready", "true");
        await Assertions.Expect(page.Decoded).Not.ToHaveAttributeAsync("data-version", "0");
        return page;
    }

    public Task<T> EvalAsync<T>(string script) => Page.EvaluateAsync<T>(script);

    public Task EvalAsync(string script) => Page.EvaluateAsync(script);

    public Task<float[]> CodeAsync() => EvalAsync<float[]>("() => [...explorer.code]");

    public async Task<Dictionary<string, string>> StateAsync() =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(await EvalAsync<string>("() => JSON.stringify(explorer.getState())"))!;

    public async Task<double> SliderAsync(int i) =>
        await EvalAsync<double>($"() => document.querySelector('[data-testid=slider-{i}]').valueAsNumber");

    /// <summary>What is decoded is the picture of this code, once the page has come to rest.</summary>
    public async Task ShowsAsync(float[] code)
    {
        string z = JsonSerializer.Serialize(code);
        await Page.WaitForFunctionAsync(
            $$"""
            () => {
              const canvas = document.querySelector('[data-testid=decoded]');
              const seen = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
              const channels = backend.meta.shape[2];
              return backend.draw({{z}}).every((value, i) => Math.abs(value - seen[Math.floor(i / channels) * 4 + i % channels]) <= 1);
            }
            """
        );
    }

    /// <summary>Where a point of the plane is on the page, from the view in the state; the plot has its margins inside the map.</summary>
    public async Task<(float X, float Y)> PlaceAsync(double x, double y)
    {
        double[] at = await EvalAsync<double[]>(
            $$"""
            () => {
              const { left, top, width, height } = document.querySelector('[data-testid=latent-map]').getBoundingClientRect();
              const [cx, cy, scale] = explorer.view();
              return [left + 46 + (Math.round(width) - 56) / 2 + ({{x}} - cx) * scale, top + 10 + (Math.round(height) - 50) / 2 - ({{y}} - cy) * scale];
            }
            """
        );
        return ((float)at[0], (float)at[1]);
    }

    public async Task DragAsync((float X, float Y) from, (float X, float Y) to, MouseButton button = MouseButton.Left, int steps = 8)
    {
        await Page.Mouse.MoveAsync(from.X, from.Y);
        await Page.Mouse.DownAsync(new() { Button = button });
        await Page.Mouse.MoveAsync(to.X, to.Y, new() { Steps = steps });
        await Page.Mouse.UpAsync(new() { Button = button });
    }

    /// <summary>Closes the page; nothing went to its console but what is expected.</summary>
    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        Assert.Equal([], _faults);
    }

    public void Expect(string fault) => Assert.NotEqual(0, _faults.RemoveAll(text => text.Contains(fault, StringComparison.Ordinal)));
}
