using System.Diagnostics;
using Microsoft.Playwright;

namespace Latent.Bench.Browser;

/// <summary>What a user waits for, measured in a headless Chromium without a GPU, in the page's own clock where that is possible.</summary>
internal sealed class Measurements(IPlaywright playwright, IBrowser browser) : IAsyncDisposable
{
    private const string Ready = "() => document.querySelector('[data-testid=latent-map]')?.dataset.ready === 'true'";

    // Moves the first slider and waits for the next picture; the time from one to the other.
    private const string Slide = """
        async moves => {
          const at = name => document.querySelector(`[data-testid=${name}]`);
          const holder = at('slider-0'), slider = holder.matches('input') ? holder : holder.querySelector('input'), picture = at('decoded');
          const low = Number(slider.min), high = Number(slider.max), times = [];
          for (let i = 0; i < moves; i++) {
            slider.value = String(low + (high - low) * ((i * 37) % 101) / 100);
            await new Promise(done => {
              const start = performance.now(), late = setTimeout(() => { seen.disconnect(); done(); }, 2000);
              const seen = new MutationObserver(() => {
                clearTimeout(late); seen.disconnect(); times.push(performance.now() - start); done();
              });
              seen.observe(picture, { attributes: true, attributeFilter: ['data-version'] });
              slider.dispatchEvent(new Event('input', { bubbles: true }));
            });
            await new Promise(done => setTimeout(done, 5));
          }
          return times;
        }
        """;

    // Turns the wheel over the map at every frame; the frames a second.
    private const string Zoom = """
        async seconds => {
          const map = document.querySelector('[data-testid=latent-map]'), target = map.querySelector('canvas:last-of-type') ?? map;
          const box = map.getBoundingClientRect(), start = performance.now();
          let frames = 0;
          for (; performance.now() - start < 1000 * seconds; frames++) {
            target.dispatchEvent(new WheelEvent('wheel', {
              deltaY: frames % 40 < 20 ? -30 : 30, clientX: box.left + box.width / 2, clientY: box.top + box.height / 2,
              bubbles: true, cancelable: true,
            }));
            await new Promise(requestAnimationFrame);
          }
          return 1000 * frames / (performance.now() - start);
        }
        """;

    public static async Task<Measurements> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        string? path = new[] { Environment.GetEnvironmentVariable("LATENT_CHROMIUM"), "/usr/bin/chromium" }.FirstOrDefault(File.Exists);
        if (path is null)
            Microsoft.Playwright.Program.Main(["install", "--only-shell", "chromium"]);
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox"] }));
    }

    /// <summary>The studio: seconds until all points are drawn, milliseconds from slider to picture, frames a second while zooming.</summary>
    public async Task<object> StudioAsync(string program, string run, int rounds)
    {
        using var studio = await Studio.StartAsync(program, run);
        var ready = new List<double>();
        var slides = new List<double>();
        var frames = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            var page = await PageAsync();
            long start = Stopwatch.GetTimestamp();
            await page.GotoAsync(studio.Address);
            await page.WaitForFunctionAsync(Ready);
            ready.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            await page.WaitForTimeoutAsync(500); // the grid behind the points
            slides.AddRange(await page.EvaluateAsync<double[]>(Slide, 120));
            frames.Add(await page.EvaluateAsync<double>(Zoom, 2));
            await page.Context.CloseAsync();
        }
        return new
        {
            ready,
            slides,
            frames,
            memory = studio.Memory,
        };
    }

    /// <summary>The exported page: the same, of a file.</summary>
    public async Task<object> FileAsync(string path)
    {
        var page = await PageAsync();
        long start = Stopwatch.GetTimestamp();
        await page.GotoAsync(new Uri(Path.GetFullPath(path)).AbsoluteUri);
        await page.WaitForFunctionAsync(Ready);
        double ready = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await page.WaitForTimeoutAsync(3000); // the grid behind the points is decoded in the page
        double[] slides = await page.EvaluateAsync<double[]>(Slide, 120);
        return new
        {
            ready,
            slides,
            bytes = new FileInfo(path).Length,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private async Task<IPage> PageAsync()
    {
        var context = await browser.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = 1440, Height = 900 },
            }
        );
        return await context.NewPageAsync();
    }
}
