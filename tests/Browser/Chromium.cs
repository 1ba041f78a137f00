using Microsoft.Playwright;

namespace Latent.Tests.Browser;

/// <summary>
/// One browser for all tests of an assembly: the system's Chromium, or the one that Playwright downloads. Where there is neither, the tests
/// are skipped, and fail where the environment variable CI is set.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places =
    [
        Environment.GetEnvironmentVariable("LATENT_CHROMIUM") ?? "",
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _missing;

    /// <summary>The browser; skips the test that asks where there is none.</summary>
    public IBrowser Browser
    {
        get
        {
            Assert.SkipWhen(_browser is null && Environment.GetEnvironmentVariable("CI") is null, $"NO BROWSER, NOT TESTED: {_missing}");
            return _browser ?? throw new InvalidOperationException($"There is no browser to test with: {_missing}");
        }
    }

    public async ValueTask InitializeAsync()
    {
        string? path = Places.FirstOrDefault(File.Exists);
        try
        {
            if (path is null && Program.Main(["install", "--only-shell", "chromium"]) != 0)
                throw new PlaywrightException("playwright install chromium failed");
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(
                new()
                {
                    ExecutablePath = path,
                    Args =
                    [
                        "--no-sandbox",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--renderer-process-limit=2", // a process for each page would be a good part of the tests' time
                    ],
                }
            );
        }
        catch (PlaywrightException e)
        {
            _missing = $"{e.Message} (install Chromium, or name one in LATENT_CHROMIUM)";
        }
    }

    /// <summary>A page in a context of its own: nothing is shared with other tests.</summary>
    public async Task<IPage> PageAsync(int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await Browser.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = height },
                ColorScheme = scheme,
            }
        );
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
