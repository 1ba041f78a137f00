using Latent.Images;
using Latent.Tests.Browser;
using Latent.Tests.Shared;

namespace Latent.Explorer.Tests.Page;

/// <summary>What a page answers its explorer.</summary>
public sealed class LocalBackendTests(Chromium chromium)
{
    [Fact]
    public async Task A_page_answers_as_the_model_does()
    {
        var model = Models.Article(2);
        var images = Models.Test.Take(60);
        using var folder = new TemporaryFolder();
        ExplorerPage.Save(folder["page.html"], model, images);
        var page = await chromium.PageAsync();
        await using var context = page.Context;
        await page.RouteAsync("**/*", route => route.AbortAsync());
        await page.SetContentAsync(DataElement(File.ReadAllText(folder["page.html"])));
        string start = "window.backend = localBackend(JSON.parse(document.querySelector('script').textContent));";
        await page.AddScriptTagAsync(new() { Content = JoinedScript.Of("net.js", start, ExplorerAssets.Text) });

        float[] codes = model.Encode(images);
        Assert.Equal(codes, await Floats("Array.from(backend.codes)"));
        Assert.Equal(images.Labels.ToArray(), await Bytes("Array.from(backend.labels)"));
        Assert.Equal(images.Image(59).ToArray(), await Bytes("backend.image(59).then(Array.from)"));
        byte[] pictures = Pixels.ToBytes(model.Decode(codes));
        Near(pictures[..784], await Bytes("backend.decode(backend.codes.subarray(0, 2)).then(Array.from)"));
        Near(pictures, await Bytes("backend.decodeMany(backend.codes, 60).then(Array.from)"));
        float[] code = await Floats("backend.image(7).then(backend.encode).then(answer => Array.from(answer.code))");
        Assert.Equal(codes[14..16], code, (a, b) => Math.Abs(a - b) < 1e-4);
        Near(
            pictures[(7 * 784)..(8 * 784)],
            await Bytes("backend.image(7).then(backend.encode).then(answer => Array.from(answer.reconstruction))")
        );

        async Task<float[]> Floats(string expression) => await page.EvaluateAsync<float[]>($"() => {expression}");
        async Task<byte[]> Bytes(string expression) =>
            [.. (await page.EvaluateAsync<int[]>($"() => {expression}")).Select(value => (byte)value)];
    }

    /// <summary>A grid of many pictures does not hold up the page: other work has its turn before it is done.</summary>
    [Fact]
    public async Task Many_pictures_leave_the_page_alive()
    {
        var model = Models.Article(2);
        using var folder = new TemporaryFolder();
        ExplorerPage.Save(folder["page.html"], model, Models.Test.Take(400), new() { Images = false });
        var page = await chromium.PageAsync();
        await using var context = page.Context;
        await page.SetContentAsync(DataElement(File.ReadAllText(folder["page.html"])));
        string start = "window.backend = localBackend(JSON.parse(document.querySelector('script').textContent));";
        await page.AddScriptTagAsync(new() { Content = JoinedScript.Of("net.js", start, ExplorerAssets.Text) });
        int turns = await page.EvaluateAsync<int>(
            """
            async () => {
              let turns = 0;
              const other = setInterval(() => turns++, 0);
              await backend.decodeMany(backend.codes, 400);
              clearInterval(other);
              return turns;
            }
            """
        );
        Assert.True(turns >= 5, $"{turns} turns");
    }

    private static string DataElement(string html)
    {
        int start = html.IndexOf("<script type=\"application/json\"", StringComparison.Ordinal);
        return html[start..(html.IndexOf("</script>", start, StringComparison.Ordinal) + "</script>".Length)];
    }

    private static void Near(byte[] expected, byte[] shown)
    {
        Assert.Equal(expected.Length, shown.Length);
        Assert.InRange(expected.Zip(shown, (a, b) => Math.Abs(a - b)).Max(), 0, 1);
    }
}
