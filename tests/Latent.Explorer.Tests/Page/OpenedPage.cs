using Latent.Tests.Browser;
using Microsoft.Playwright;

namespace Latent.Explorer.Tests.Page;

/// <summary>A page from a file in the browser, and all that it asked for or complained of.</summary>
internal sealed class OpenedPage : IAsyncDisposable
{
    private readonly List<string> _faults = [];

    private OpenedPage(IPage page) => Page = page;

    public IPage Page { get; }

    public ILocator Map => Page.GetByTestId("latent-map");

    public ILocator Decoded => Page.GetByTestId("decoded");

    /// <param name="chromium">The browser.</param>
    /// <param name="path">The file.</param>
    /// <param name="hash">What stands behind # of its address.</param>
    public static async Task<OpenedPage> OpenAsync(Chromium chromium, string path, string hash = "")
    {
        var page = new OpenedPage(await chromium.PageAsync());
        string address = new Uri(path).AbsoluteUri;
        page.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                page._faults.Add($"{message.Type}: {message.Text}");
        };
        page.Page.PageError += (_, error) => page._faults.Add(error);
        page.Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                page._faults.Add($"asked for {request.Url}");
        };
        await page.Page.GotoAsync(address + hash);
        return page;
    }

    /// <summary>Waits until all points are drawn.</summary>
    public async Task ReadyAsync()
    {
        try
        {
            await Page.WaitForSelectorAsync("[data-testid=latent-map][data-ready=true]");
        }
        catch (TimeoutException e)
        {
            Assert.Fail($"The map is not ready: {string.Join('\n', _faults)}\n{e.Message}");
        }
    }

    /// <summary>The pixels of the decoded picture, one number of grey images each.</summary>
    public async Task<byte[]> PixelsAsync() =>
        [
            .. (
                await Page.EvaluateAsync<int[]>(
                    """
                    () => {
                      const canvas = document.querySelector('[data-testid=decoded]');
                      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
                      copy.drawImage(canvas, 0, 0);
                      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
                      return Array.from(data).filter((_, i) => i % 4 === 0);
                    }
                    """
                )
            ).Select(value => (byte)value),
        ];

    /// <summary>Milliseconds from a slider's move to the new picture, each of so many.</summary>
    public async Task<double[]> SliderTimesAsync(int moves) =>
        await Page.EvaluateAsync<double[]>(
            """
            async moves => {
              const slider = document.querySelector('[data-testid=slider-0]');
              const input = slider.matches('input') ? slider : slider.querySelector('input[type=range]');
              const decoded = document.querySelector('[data-testid=decoded]');
              const [low, high] = [Number(input.min), Number(input.max)];
              const times = [];
              for (let i = 0; i < moves; i++) {
                input.value = low + (high - low) * ((i * 37) % 101) / 101;
                await new Promise(done => {
                  const seen = new MutationObserver(() => { seen.disconnect(); times.push(performance.now() - start); done(); });
                  seen.observe(decoded, { attributes: true, attributeFilter: ['data-version'] });
                  const start = performance.now();
                  input.dispatchEvent(new Event('input', { bubbles: true }));
                });
                await new Promise(done => setTimeout(done, 20));
              }
              return times.sort((a, b) => a - b);
            }
            """,
            moves
        );

    /// <summary>Nothing was asked of any network, and the console is empty.</summary>
    public void IsQuiet() => Assert.Empty(_faults);

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
