using Latent.Tests.Shared;
using static Microsoft.Playwright.Assertions;

namespace Latent.Explorer.Tests.Explorer;

/// <summary>Drawing, and pictures from files.</summary>
public sealed class PadTests(Chromium chromium)
{
    [Fact]
    public async Task A_drawing_is_centred_encoded_and_shown_as_the_pen_moves()
    {
        await using var page = await FakePage.OpenAsync(chromium);
        await Expect(page.Page.GetByTestId("drawn-reconstruction")).ToHaveCountAsync(0);
        var box = (await page.Page.GetByTestId("draw-pad").BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(box.X + 20, box.Y + 20);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(box.X + 20, box.Y + 60, new() { Steps = 4 });
        await Expect(page.Page.GetByTestId("drawn-reconstruction")).ToBeVisibleAsync(); // the pen is still down
        await page.Page.Mouse.MoveAsync(box.X + 40, box.Y + 60, new() { Steps = 4 });
        await page.Page.Mouse.UpAsync();
        await page.Page.WaitForFunctionAsync("() => backend.calls.encode > 1");
        await page.Page.WaitForTimeoutAsync(100);

        double[] drawn = await page.EvalAsync<double[]>(
            """
            () => {
              const pixels = backend.calls.encoded;
              let [mass, x, y, left, right, top, bottom] = [0, 0, 0, 28, -1, 28, -1];
              for (let i = 0; i < 784; i++) {
                mass += pixels[i]; x += pixels[i] * (i % 28 + 0.5); y += pixels[i] * (Math.floor(i / 28) + 0.5);
                if (pixels[i] > 40) { left = Math.min(left, i % 28); right = Math.max(right, i % 28); top = Math.min(top, Math.floor(i / 28)); bottom = Math.max(bottom, Math.floor(i / 28)); }
              }
              return [x / mass, y / mass, right - left + 1, bottom - top + 1, Math.max(...pixels)];
            }
            """
        );
        Assert.Equal(14, drawn[0], 0.3);
        Assert.Equal(14, drawn[1], 0.3);
        Assert.InRange(Math.Max(drawn[2], drawn[3]), 19, 22);
        Assert.Equal(255, drawn[4]);
        foreach (string id in (string[])["drawn-input", "drawn-error"])
            await Expect(page.Page.GetByTestId(id)).ToBeVisibleAsync();
        float[] code = await page.CodeAsync();
        Assert.InRange(Math.Abs(code[0]) + Math.Abs(code[1]), 0, 0.3); // the fake's code is where the middle is
        await page.ShowsAsync(code);
        await Expect(page.Page.GetByTestId("selection")).ToContainTextAsync("Nearest to the drawing");

        await page.Page.GetByTestId("clear-pad").ClickAsync();
        await Expect(page.Page.GetByTestId("drawn-reconstruction")).ToHaveCountAsync(0);
    }

    /// <summary>Dark ink on light paper, drawn small and off the middle.</summary>
    [Fact]
    public async Task A_picture_file_is_taken_as_MNIST_is_made()
    {
        await using var page = await FakePage.OpenAsync(chromium);
        byte[] png = await PngAsync(
            page,
            "context.fillStyle = '#fff'; context.fillRect(0, 0, 200, 120); context.fillStyle = '#222'; context.fillRect(20, 10, 10, 40);",
            200,
            120
        );
        await page
            .Page.GetByTestId("picture-file")
            .SetInputFilesAsync(
                new Microsoft.Playwright.FilePayload
                {
                    Name = "one.png",
                    MimeType = "image/png",
                    Buffer = png,
                }
            );
        await Expect(page.Page.GetByTestId("drawn-reconstruction")).ToBeVisibleAsync();
        await Expect(page.Page.Locator(".lx-draw .lx-note")).ToContainTextAsync("dark ink turned to light");
        byte[] pixels = await EncodedAsync(page);
        for (int y = 0; y < 28; y++)
        for (int x = 0; x < 28; x++)
            Assert.InRange(
                pixels[28 * y + x],
                y is >= 4 and < 24 && x is >= 12 and < 16 ? 250 : 0,
                y is >= 3 and < 25 && x is >= 11 and < 17 ? 255 : 3
            ); // 20 high, 5 wide
    }

    [Fact]
    public async Task A_picture_of_the_datas_size_is_taken_as_it_is_and_others_are_scaled_to_fit()
    {
        await using (var page = await FakePage.OpenAsync(chromium))
        {
            byte[] png = await PngAsync(
                page,
                "context.fillStyle = '#000'; context.fillRect(0, 0, 28, 28); context.fillStyle = 'rgb(200, 200, 200)'; context.fillRect(3, 5, 2, 4);",
                28,
                28
            );
            await DropAsync(page, $"[Uint8Array.from(atob('{Convert.ToBase64String(png)}'), c => c.charCodeAt(0))]");
            await Expect(page.Page.GetByTestId("drawn-reconstruction")).ToBeVisibleAsync();
            byte[] pixels = await EncodedAsync(page);
            Assert.Equal(8, pixels.Count(value => value == 200));
            Assert.Equal(200, pixels[5 * 28 + 3]);
        }
        await using (var page = await FakePage.OpenAsync(chromium, "{ shape: [16, 32, 3] }"))
        {
            byte[] png = await PngAsync(page, "context.fillStyle = '#f00'; context.fillRect(0, 0, 320, 320);", 320, 320);
            await page
                .Page.GetByTestId("picture-file")
                .SetInputFilesAsync(
                    new Microsoft.Playwright.FilePayload
                    {
                        Name = "red.png",
                        MimeType = "image/png",
                        Buffer = png,
                    }
                );
            await Expect(page.Page.GetByTestId("drawn-reconstruction")).ToBeVisibleAsync();
            byte[] pixels = await EncodedAsync(page);
            Assert.Equal([0, 0, 0], pixels[..3]); // to the left of it
            Assert.Equal([255, 0, 0], pixels[(3 * (8 * 32 + 16))..(3 * (8 * 32 + 17))]);
        }
    }

    [Theory]
    [InlineData("['hello']", "no picture")]
    [InlineData("[new Uint8Array(33 << 20)]", "33 MB")]
    public async Task A_file_that_is_no_picture_is_refused(string content, string said)
    {
        await using var page = await FakePage.OpenAsync(chromium);
        await DropAsync(page, content);
        await Expect(page.Page.Locator(".lx-draw .lx-note")).ToContainTextAsync(said);
        await Expect(page.Page.GetByTestId("drawn-reconstruction")).ToHaveCountAsync(0);
    }

    private static Task DropAsync(FakePage page, string content) =>
        page.EvalAsync(
            $$"""
            () => {
              const data = new DataTransfer();
              data.items.add(new File({{content}}, 'a.png', { type: 'image/png' }));
              document.querySelector('.lx-draw').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
            }
            """
        );

    private static async Task<byte[]> PngAsync(FakePage page, string draw, int width, int height) =>
        Convert.FromBase64String(
            await page.EvalAsync<string>(
                $"() => {{ const canvas = document.createElement('canvas'); canvas.width = {width}; canvas.height = {height}; const context = canvas.getContext('2d'); {draw} return canvas.toDataURL().split(',')[1]; }}"
            )
        );

    private static async Task<byte[]> EncodedAsync(FakePage page)
    {
        await page.Page.WaitForFunctionAsync("() => backend.calls.encoded");
        return [.. (await page.EvalAsync<int[]>("() => [...backend.calls.encoded]")).Select(value => (byte)value)];
    }
}
