using System.Diagnostics;
using Latent.Tests.Browser;
using Microsoft.Playwright;

namespace Latent.Studio.Tests.EndToEnd;

/// <summary>A long afternoon with one page: what it asks for again and again is not kept.</summary>
public sealed class SoakTests(SmallRuns runs, Chromium chromium, ITestOutputHelper output)
{
    private const int Decodes = 2000,
        Reconnects = 20,
        Parts = 4;

    /// <summary>
    /// The process may grow by this much between the end of the first quarter and the last: less than one picture in a hundred would leave behind,
    /// and less than two pages that were kept.
    /// </summary>
    private const double MostMegabytes = 16;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Two_thousand_decodes_and_twenty_reconnects_leave_memory_flat()
    {
        using var copy = runs.Copy("plane");
        await using var studio = await StudioProgram.StartAsync(copy.Path, "--runs", copy.Path);
        await using var visit = await Visit.OpenAsync(chromium, studio, "/runs"); // where nothing is connected yet to be cut
        IWebSocketRoute? connection = null;
        await visit.Page.RouteWebSocketAsync(
            "**/_blazor**",
            socket =>
            {
                connection = socket;
                socket.ConnectToServer();
            }
        );
        await visit.GoAsync("/?run=plane");
        await visit.MapAsync();
        var memory = new List<double>();
        for (int part = 0; part < Parts; part++)
        {
            for (int i = 0; i < Reconnects / Parts; i++)
                await ReconnectAsync();
            await DecodeAsync(visit.Page, Decodes / Parts);
            memory.Add(Megabytes(studio.Id));
        }
        output.WriteLine($"memory after each quarter: {string.Join(", ", memory.Select(megabytes => $"{megabytes:F1} MB"))}");
        Assert.Equal("true", await visit.Page.Locator("main").GetAttributeAsync("data-live"));
        Assert.InRange(memory[^1] - memory[0], double.NegativeInfinity, MostMegabytes);

        async Task ReconnectAsync()
        {
            var cut = connection!;
            await cut.CloseAsync();
            await visit.Page.Locator("#components-reconnect-modal").WaitForAsync();
            await visit.Page.Locator("#components-reconnect-modal").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
            Assert.NotSame(cut, connection);
        }
    }

    /// <summary>Moves the first slider so often, each time when the picture of the time before is there.</summary>
    private static async Task DecodeAsync(IPage page, int count) =>
        await page.EvaluateAsync(
            """
            async count => {
              const place = document.querySelector('[data-testid=slider-0]');
              const slider = place.matches('input') ? place : place.querySelector('input[type=range]');
              const picture = document.querySelector('[data-testid=decoded]');
              for (let i = 0; i < count; i++) {
                const before = picture.dataset.version;
                slider.value = +slider.min + (slider.max - slider.min) * (i % 100) / 100;
                slider.dispatchEvent(new Event('input', { bubbles: true }));
                while (picture.dataset.version === before) await new Promise(done => setTimeout(done));
              }
            }
            """,
            count
        );

    private static double Megabytes(int process)
    {
        using var asked = Process.GetProcessById(process);
        return asked.WorkingSet64 / 1e6;
    }
}
