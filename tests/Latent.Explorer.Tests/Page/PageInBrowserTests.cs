using Latent.Data;
using Latent.Images;
using Latent.Tests.Browser;
using Latent.Tests.Shared;
using Latent.Training;
using Microsoft.Playwright;

namespace Latent.Explorer.Tests.Page;

/// <summary>Pages in Chromium, from a file.</summary>
public sealed class PageInBrowserTests(Chromium chromium, ITestOutputHelper output)
{
    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public async Task A_page_works_from_a_file(int latent)
    {
        using var folder = new TemporaryFolder();
        string path = folder["explorer.html"];
        var model = Models.Article(latent);
        ExplorerPage.Save(path, model, Models.Test);
        float[] code = [.. Enumerable.Range(0, latent).Select(i => 0.25f * i - 0.5f)];
        await using var page = await OpenedPage.OpenAsync(chromium, path, $"#z={string.Join(',', code)}");
        await page.ReadyAsync();
        Assert.Equal("10000", await page.Map.GetAttributeAsync("data-points"));
        await Assertions.Expect(page.Page.GetByTestId("draw-pad")).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.GetByTestId($"slider-{latent - 1}")).ToBeVisibleAsync();
        await Assertions.Expect(page.Page).ToHaveTitleAsync($"mnist, {latent} latent numbers");

        byte[] expected = Pixels.ToBytes(model.Decode(code)),
            shown = await page.PixelsAsync();
        int difference = expected.Zip(shown, (a, b) => Math.Abs(a - b)).Max();
        double[] times = await page.SliderTimesAsync(60);
        double ready = await page.Page.EvaluateAsync<double>("() => performance.getEntriesByType('navigation')[0].domComplete");
        output.WriteLine(
            $"z = {latent}: {new FileInfo(path).Length:N0} bytes, script done after {ready:0} ms; pictures differ by {difference} of 255 levels; slider to picture {times[30]:0.0} ms, 95 of 100 within {times[57]:0.0} ms"
        );
        Assert.InRange(difference, 0, 1);
        Assert.True(times[30] < 300, $"{times[30]} ms");
        Assert.NotEqual(shown, await page.PixelsAsync());
        await page.Page.WaitForFunctionAsync("before => location.hash !== before", $"#z={string.Join(',', code)}");
        page.IsQuiet();
    }

    [Fact]
    public async Task An_address_brings_a_state_back()
    {
        using var folder = new TemporaryFolder();
        string path = folder["explorer.html"];
        var model = Models.Article(2);
        ExplorerPage.Save(path, model, Models.Test.Take(200), new() { Images = false });
        await using var page = await OpenedPage.OpenAsync(chromium, path);
        await page.ReadyAsync();
        await page.Page.EvaluateAsync("() => { location.hash = '#z=1.5,-0.75'; }");
        byte[] expected = Pixels.ToBytes(model.Decode([1.5f, -0.75f]));
        await page.Page.WaitForFunctionAsync(
            """
            expected => {
              const canvas = document.querySelector('[data-testid=decoded]');
              const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
              copy.drawImage(canvas, 0, 0);
              const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
              return expected.every((value, i) => Math.abs(value - data[4 * i]) <= 1);
            }
            """,
            expected.Select(value => (int)value).ToArray()
        );
        page.IsQuiet();
    }

    [Fact]
    public async Task A_report_ends_in_sliders_and_is_whole_without_script()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder["run"]);
        var test = Models.Test.Take(400);
        RunFigures.Draw(run, Models.Article(10), new DataSet("mnist", test, test));
        await using var page = await OpenedPage.OpenAsync(chromium, run.ReportPath);
        await page.ReadyAsync();
        Assert.Equal("400", await page.Map.GetAttributeAsync("data-points"));
        await Assertions.Expect(page.Page.GetByTestId("draw-pad")).ToHaveCountAsync(0);
        string version = (await page.Decoded.GetAttributeAsync("data-version"))!;
        await page.Page.Locator("[data-testid=slider-0]").ScrollIntoViewIfNeededAsync();
        await page.SliderTimesAsync(3);
        Assert.NotEqual(version, await page.Decoded.GetAttributeAsync("data-version"));
        await page.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(page.Map).ToBeHiddenAsync();
        page.IsQuiet();

        var silent = await chromium.Browser.NewContextAsync(new() { JavaScriptEnabled = false });
        await using (silent)
        {
            var paper = await silent.NewPageAsync();
            await paper.GotoAsync(new Uri(run.ReportPath).AbsoluteUri);
            await Assertions.Expect(paper.GetByText("Here the latent space is moved through")).ToBeVisibleAsync();
            await Assertions.Expect(paper.GetByText("How it was made")).ToBeVisibleAsync();
        }
    }
}
