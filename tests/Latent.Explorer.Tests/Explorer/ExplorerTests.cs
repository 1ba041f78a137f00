using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Latent.Tests.Shared;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Latent.Explorer.Tests.Explorer;

/// <summary>Code, sliders, morph, state and the page as a whole.</summary>
public sealed class ExplorerTests(Chromium chromium)
{
    [Fact]
    public async Task A_slider_decodes_and_moves_the_cross_hair()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{ latent: 3 }");
        int before = int.Parse((await page.Decoded.GetAttributeAsync("data-version"))!, CultureInfo.InvariantCulture);
        await SetAsync(page, 1, 1.25);
        float[] code = await page.CodeAsync();
        Assert.Equal(1.25f, code[1]);
        await page.ShowsAsync(code);
        Assert.True(int.Parse((await page.Decoded.GetAttributeAsync("data-version"))!, CultureInfo.InvariantCulture) > before);
        Assert.Equal("1.25", await page.Page.GetByTestId("value-1").InputValueAsync());

        await page.Page.GetByTestId("slider-0").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        float[] moved = await page.CodeAsync();
        Assert.True(moved[0] > code[0]);
        await page.ShowsAsync(moved);
    }

    /// <summary>While a picture is on its way, what is asked for waits, and only the latest of it is asked for then.</summary>
    [Fact]
    public async Task One_call_is_in_flight_and_the_latest_wins()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{ wait: 30 }", "{ state: { grid: '0' } }");
        await page.EvalAsync("() => backend.calls.decode = 0");
        await page.EvalAsync("() => { for (let i = 1; i <= 40; i++) explorer.setCode([i / 20, -i / 40]); }");
        await page.ShowsAsync([2, -1]);
        Assert.InRange(await page.EvalAsync<int>("() => backend.calls.decode"), 1, 3);
    }

    [Fact]
    public async Task Locked_numbers_stay_at_a_reset_a_random_draw_and_on_the_map()
    {
        await using var page = await FakePage.OpenAsync(chromium);
        await SetAsync(page, 0, 2);
        await page.Page.GetByTestId("lock-0").ClickAsync();
        await Expect(page.Page.GetByTestId("slider-0")).ToBeDisabledAsync();
        await page.Page.GetByTestId("random").ClickAsync();
        float[] drawn = await page.CodeAsync();
        await page.Page.GetByTestId("random").ClickAsync();
        float[] again = await page.CodeAsync();
        Assert.Equal((2, 2), (drawn[0], again[0]));
        Assert.NotEqual(drawn[1], again[1]);
        await page.DragAsync(await page.PlaceAsync(-1, -1), await page.PlaceAsync(1, 1.5));
        float[] dragged = await page.CodeAsync();
        Assert.Equal(2, dragged[0], 1e-3);
        Assert.Equal(1.5, dragged[1], 0.05);

        await page.Page.GetByTestId("lock-0").ClickAsync();
        await page.Page.GetByTestId("reset").ClickAsync();
        float[] mean = await page.EvalAsync<float[]>("() => backend.meta.mean");
        Assert.Equal(mean, await page.CodeAsync());
    }

    [Fact]
    public async Task Random_draws_have_the_mean_and_the_spread_of_the_codes()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{ count: 400 }");
        float[] gap = await page.EvalAsync<float[]>(
            """
            () => {
              const statistics = codes => [0, 1].flatMap(d => {
                const own = codes.map(code => code[d]);
                const mean = own.reduce((a, b) => a + b) / own.length;
                return [mean, Math.sqrt(own.reduce((a, b) => a + (b - mean) ** 2, 0) / own.length)];
              });
              const data = Array.from({ length: 400 }, (_, i) => [backend.codes[2 * i], backend.codes[2 * i + 1]]);
              const button = document.querySelector('[data-testid=random]');
              const drawn = Array.from({ length: 1500 }, () => { button.click(); return [...explorer.code]; });
              const [a, b] = [statistics(data), statistics(drawn)];
              return a.map((value, i) => Math.abs(value - b[i]));
            }
            """
        );
        Assert.All(gap, value => Assert.InRange(value, 0, 0.3)); // their spread is about 2
    }

    [Fact]
    public async Task Sliders_have_the_range_of_the_data_or_that_of_five()
    {
        await using var page = await FakePage.OpenAsync(chromium);
        double[] range = await page.EvalAsync<double[]>("() => backend.meta.ranges[0]");
        var slider = page.Page.GetByTestId("slider-0");
        Assert.Equal(range[0], await Number("min"), 1e-5);
        Assert.Equal(range[1], await Number("max"), 1e-5);
        await page.Page.GetByTestId("slider-range").SelectOptionAsync("5");
        Assert.Equal((-5, 5), (await Number("min"), await Number("max")));
        await page.EvalAsync("() => explorer.setCode([7.5, 0])"); // beyond: it reaches as far as its value
        Assert.Equal((-5, 7.5), (await Number("min"), await page.SliderAsync(0)));

        async Task<double> Number(string name) => double.Parse((await slider.GetAttributeAsync(name))!, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_morph_goes_straight_or_on_an_arc()
    {
        await using var page = await FakePage.OpenAsync(chromium);
        await page.EvalAsync("() => explorer.setState({ a: '2,0', b: '0,4' })");
        await page.EvalAsync(
            "() => { const s = document.querySelector('[data-testid=morph-slider]'); s.value = 0.5; s.dispatchEvent(new Event('input', { bubbles: true })); }"
        );
        Assert.Equal<float[]>([1, 2], await page.CodeAsync());
        await page.ShowsAsync([1, 2]);
        await page.Page.GetByTestId("morph-way").SelectOptionAsync("arc");
        await page.EvalAsync(
            "() => { const s = document.querySelector('[data-testid=morph-slider]'); s.value = 0.5; s.dispatchEvent(new Event('input', { bubbles: true })); }"
        );
        float[] arc = await page.CodeAsync();
        Assert.Equal(3 * Math.Sqrt(0.5), arc[0], 1e-5); // halfway between the lengths 2 and 4, at 45 degrees
        Assert.Equal(3 * Math.Sqrt(0.5), arc[1], 1e-5);

        await page.EvalAsync("() => explorer.setCode([-1, -1])");
        await page.Page.GetByTestId("anchor-a").ClickAsync();
        Assert.Equal("-1,-1", (await page.StateAsync())["a"]);
        await page.Page.WaitForFunctionAsync(
            "() => document.querySelector('[data-testid=frame-8]').getContext('2d').getImageData(14, 6, 1, 1).data[0] > 200"
        );
        await page.Page.GetByTestId("frame-8").ClickAsync();
        Assert.Equal<float[]>([0, 4], await page.CodeAsync());
        await page.Page.GetByTestId("morph-play").ClickAsync();
        await page.Page.WaitForFunctionAsync("() => explorer.code[1] < 3.5");
        await Expect(page.Page.GetByTestId("morph-play")).ToHaveTextAsync("Pause");
        await page.Page.GetByTestId("morph-play").ClickAsync();
        await Expect(page.Page.GetByTestId("morph-play")).ToHaveTextAsync("Play");
    }

    /// <summary>The browser reads the files as the pictures that went in.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Png_files_hold_the_pixels(int channels)
    {
        await using var page = await FakePage.OpenAsync(chromium, $"{{ shape: [12, 20, {channels}] }}");
        int wrong = await page.EvalAsync<int>(
            $$"""
            async () => {
              const shape = [12, 20, {{channels}}];
              const images = [0, 1, 2].map(i => backend.draw([i, -i]));
              const strip = pages.besides(images, shape);
              const large = pages.enlargedPixels(strip.pixels, strip.shape, 3);
              const read = async (blob, width, height) => {
                const bitmap = await createImageBitmap(blob);
                const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
                context.drawImage(bitmap, 0, 0);
                return bitmap.width === width && bitmap.height === height ? context.getImageData(0, 0, width, height).data : [];
              };
              const seen = await read(await pages.png(large.pixels, large.shape), 180, 36);
              let wrong = 0;
              for (let y = 0; y < 36; y++)
                for (let x = 0; x < 180; x++)
                  for (let c = 0; c < {{channels}}; c++) {
                    const [i, row, column] = [Math.floor(x / 60), Math.floor(y / 3), Math.floor(x / 3) % 20];
                    wrong += seen[4 * (y * 180 + x) + c] !== images[i][(row * 20 + column) * {{channels}} + c];
                  }
              window.images = images;
              window.animation = await pages.animatedPng(images, shape, 50);
              const first = await read(window.animation, 20, 12);
              wrong += images[0].filter((value, k) => value !== first[4 * Math.floor(k / {{channels}}) + k % {{channels}}]).length;
              return wrong;
            }
            """
        );
        Assert.Equal(0, wrong);

        const string text =
            "async parts => btoa(Array.from(new Uint8Array(await new Blob(parts).arrayBuffer()), byte => String.fromCharCode(byte)).join(''))";
        byte[] file = Convert.FromBase64String(await page.EvalAsync<string>($"() => ({text})([animation])"));
        var frames = Frames(file, 20 * channels, 12);
        Assert.Equal(3, frames.Count);
        for (int i = 0; i < 3; i++)
            Assert.Equal(Convert.FromBase64String(await page.EvalAsync<string>($"() => ({text})([images[{i}]])")), frames[i]);
    }

    /// <summary>The pixels of an animated PNG's frames; their numbers in the sequence and their time, 50 ms, are checked.</summary>
    private static List<byte[]> Frames(byte[] file, int row, int height)
    {
        var frames = new List<byte[]>();
        uint sequence = 0;
        for (int at = 8; at < file.Length; )
        {
            int length = (int)Number(at);
            string type = Encoding.ASCII.GetString(file, at + 4, 4);
            int data = at + 8;
            at = data + length + 4;
            if (type is "fcTL" or "fdAT")
                Assert.Equal(sequence++, Number(data));
            if (type == "fcTL")
                Assert.Equal((50u << 16) + 1000, Number(data + 20)); // thousandths of a second
            if (type is not ("IDAT" or "fdAT"))
                continue;
            int skip = type == "fdAT" ? 4 : 0;
            using var lines = new ZLibStream(new MemoryStream(file, data + skip, length - skip), CompressionMode.Decompress);
            var pixels = new byte[row * height];
            for (int y = 0; y < height; y++)
            {
                Assert.Equal(0, lines.ReadByte());
                lines.ReadExactly(pixels, y * row, row);
            }
            frames.Add(pixels);
        }
        return frames;

        uint Number(int place) => BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(place));
    }

    [Fact]
    public async Task Files_are_offered_for_picture_codes_strip_and_animation()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{ count: 25, latent: 3 }");
        foreach (
            var (button, name) in (IEnumerable<(string, string)>)
                [("picture-png", "decoded.png"), ("morph-strip", "morph.png"), ("morph-animation", "morph-animated.png")]
        )
        {
            byte[] bytes = await DownloadAsync(page, button, name);
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], bytes[..4]);
        }
        string[] lines = Encoding.UTF8.GetString(await DownloadAsync(page, "codes-csv", "codes.csv")).TrimEnd('\n').Split('\n');
        Assert.Equal((26, "index,label,z1,z2,z3"), (lines.Length, lines[0]));
        float[] first = await page.EvalAsync<float[]>("() => [...backend.codes.subarray(3, 6)]");
        Assert.Equal(first, lines[2].Split(',')[2..].Select(text => float.Parse(text, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_state_comes_back()
    {
        const string state =
            "{ z: '0.5,-1,2,0.25', axes: 'z2,p1', view: '0.5,-0.25,80', label: '3,5', grid: '0', range: '5', colors: 'tab10', way: 'arc', a: '1,1,1,1', b: '-1,0,2,0' }";
        await using var page = await FakePage.OpenAsync(chromium, "{ latent: 4 }", $"{{ state: {state} }}");
        var given = JsonSerializer.Deserialize<Dictionary<string, string>>(
            state
                .Replace("'", "\"", StringComparison.Ordinal)
                .Replace("{ ", "{ \"", StringComparison.Ordinal)
                .Replace(": ", "\": ", StringComparison.Ordinal)
                .Replace(", ", ", \"", StringComparison.Ordinal)
        )!;
        Assert.Equal(
            given.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            (await page.StateAsync()).OrderBy(pair => pair.Key, StringComparer.Ordinal)
        );
        await page.ShowsAsync([0.5f, -1, 2, 0.25f]);
        await Expect(page.Page.GetByTestId("label-3")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Page.GetByTestId("grid-switch")).Not.ToBeCheckedAsync();
        Assert.Equal(0, await page.EvalAsync<int>("() => states.length")); // nothing was changed
        await SetAsync(page, 0, 1);
        await page.Page.WaitForFunctionAsync("() => states.length > 0 && states.at(-1).z === '1,-1,2,0.25'");
        await page.EvalAsync("() => explorer.setState({ z: 'x', view: '1,2', axes: 'z9,p0', label: '99', a: '1' })"); // of another model, or a mistake
        Assert.Equal("1,-1,2,0.25", (await page.StateAsync())["z"]);
    }

    [Fact]
    public async Task Linked_explorers_hear_of_a_change_unless_it_is_silent()
    {
        await using var page = await FakePage.OpenAsync(chromium);
        int[] heard = await page.EvalAsync<int[]>(
            """
            () => {
              const codes = [];
              const end = explorer.onCode(code => codes.push([...code]));
              explorer.setCode([1, 2]);
              explorer.setCode([2, 1], { silent: true });
              end();
              explorer.setCode([3, 3]);
              return codes.flat();
            }
            """
        );
        Assert.Equal([1, 2], heard);
    }

    [Fact]
    public async Task Other_codes_move_the_map_and_leave_the_cross_hair()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{ count: 500 }");
        await page.EvalAsync(
            "() => { explorer.setCode([1, 1]); explorer.setCodes(backend.codes.map(value => 3 * value), backend.labels, {}); }"
        );
        await Expect(page.Map).ToHaveAttributeAsync("data-ready", "true");
        Assert.Equal<float[]>([1, 1], await page.CodeAsync());
        await page.EvalAsync(
            "() => explorer.setCodes(backend.codes.slice(0, 200), backend.labels.slice(0, 100), { ranges: [[-1, 1], [-2, 2]] })"
        );
        await Expect(page.Map).ToHaveAttributeAsync("data-points", "100");
        await Expect(page.Page.GetByTestId("slider-1")).ToHaveAttributeAsync("max", "2");
    }

    [Fact]
    public async Task A_picture_that_fails_is_said_and_the_next_is_shown()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{}", "{ state: { grid: '0' } }");
        await page.EvalAsync(
            "() => { backend.real = backend.decode; backend.decode = async () => { throw new Error('the line is cut'); }; explorer.setCode([1, 0]); }"
        );
        await Expect(page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("the line is cut");
        await page.EvalAsync("() => { backend.decode = backend.real; explorer.setCode([1, 1]); }");
        await page.ShowsAsync([1, 1]);
        await Expect(page.Page.GetByRole(AriaRole.Alert)).ToBeHiddenAsync();
        page.Expect("the line is cut");
    }

    [Theory]
    [InlineData("{ count: 0, latent: 2 }")]
    [InlineData("{ count: 0, latent: 5 }")]
    [InlineData("{ count: 1, labels: 0, latent: 2, hasImages: false, canEncode: false }")]
    [InlineData("{ count: 300, labels: 0, latent: 3, hasImages: false, shape: [40, 64, 3] }")]
    public async Task Models_with_little_work_too(string backend)
    {
        await using var page = await FakePage.OpenAsync(chromium, backend);
        bool empty = backend.Contains("count: 0", StringComparison.Ordinal);
        await (
            empty
                ? Expect(page.Page.Locator(".lx-empty")).ToContainTextAsync("no codes")
                : Expect(page.Page.Locator(".lx-empty")).ToBeHiddenAsync()
        );
        await SetAsync(page, 0, 0.5);
        float[] code = await page.CodeAsync();
        await page.ShowsAsync(code);
        var box = (await page.Map.BoundingBoxAsync())!;
        await page.DragAsync((box.X + 200, box.Y + 200), (box.X + 300, box.Y + 150));
        Assert.NotEqual(code, await page.CodeAsync());
        await page.ShowsAsync(await page.CodeAsync());
    }

    [Fact]
    public async Task All_is_in_view_and_nothing_jumps()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{ count: 10000, wait: 20, latent: 10 }", width: 1440, height: 900);
        foreach (string id in (string[])["latent-map", "slider-0", "decoded", "draw-pad"])
            await Expect(page.Page.GetByTestId(id)).ToBeInViewportAsync(new() { Ratio = 1 });
        await page.EvalAsync("() => explorer.setCode(new Array(10).fill(0.5))");
        await page.Page.WaitForTimeoutAsync(600);
        Assert.InRange(await page.EvalAsync<double>("() => shifts"), 0, 0.001);
        Assert.Equal(
            0,
            await page.EvalAsync<int>(
                "() => [...document.querySelectorAll('button, input, select, [tabindex=\"0\"]')].filter(e => e.type !== 'file' && !(e.getAttribute('aria-label') ?? e.textContent.trim()) && !e.labels?.length).length"
            )
        );
    }

    [Fact]
    public async Task A_phone_has_all_of_it_one_below_the_other()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{ latent: 10 }", width: 390, height: 844);
        Assert.True(await page.EvalAsync<bool>("() => document.documentElement.scrollWidth <= 390"));
        float below = 0;
        foreach (string id in (string[])["latent-map", "decoded", "slider-0", "draw-pad", "selection", "morph-slider"])
        {
            var box = (await page.Page.GetByTestId(id).BoundingBoxAsync())!;
            Assert.True(box.Y > below, id);
            Assert.InRange(box.X + box.Width, 100, 390);
            below = box.Y;
        }
    }

    [Fact]
    public async Task The_compact_form_has_no_pad()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{}", "{ compact: true }", width: 1000);
        foreach (string id in (string[])["latent-map", "slider-0", "decoded", "morph-slider"])
            await Expect(page.Page.GetByTestId(id)).ToBeVisibleAsync();
        foreach (string id in (string[])["draw-pad", "selection", "copy-link"])
            await Expect(page.Page.GetByTestId(id)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_theme_is_the_systems_or_that_of_an_element_around_it()
    {
        await using var page = await FakePage.OpenAsync(chromium);
        await GroundAsync("> 200");
        await page.EvalAsync("() => document.body.dataset.theme = 'dark'");
        await GroundAsync("< 60");
        await page.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.EvalAsync("() => document.body.dataset.theme = 'light'");
        await GroundAsync("> 200");
        await page.EvalAsync("() => delete document.body.dataset.theme");
        await GroundAsync("< 60");

        Task GroundAsync(string expected) =>
            page.Page.WaitForFunctionAsync(
                $"() => document.querySelector('.lx-back').getContext('2d').getImageData(48, 12, 1, 1).data[0] {expected}"
            );
    }

    [Fact]
    public async Task Nothing_is_left_of_an_explorer_that_is_taken_away()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{ wait: 10 }");
        Assert.Equal(
            0,
            await page.EvalAsync<int>(
                "async () => { explorer.setCode([1, 1]); explorer.destroy(); await new Promise(done => setTimeout(done, 400)); return document.getElementById('explorer').childNodes.length; }"
            )
        );
    }

    private static async Task SetAsync(FakePage page, int i, double value) =>
        await page.EvalAsync(
            $"() => {{ const s = document.querySelector('[data-testid=slider-{i}]'); s.value = {value.ToString(CultureInfo.InvariantCulture)}; s.dispatchEvent(new Event('input', {{ bubbles: true }})); }}"
        );

    private static async Task<byte[]> DownloadAsync(FakePage page, string button, string name)
    {
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.GetByTestId(button).ClickAsync());
        Assert.Equal(name, download.SuggestedFilename);
        await using var stream = await download.CreateReadStreamAsync();
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }
}
