using System.Globalization;
using Latent.Explorer.Tests.Explorer;
using Latent.Tests.Shared;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Latent.Explorer.Tests.Map;

/// <summary>The map: what it draws, and each gesture and key.</summary>
public sealed class MapTests(Chromium chromium, ITestOutputHelper output)
{
    /// <summary>The middle of the plane's points that are of a label, for a place with many of them.</summary>
    private const string FirstPoint = "() => [backend.codes[0], backend.codes[1]]";

    [Theory]
    [InlineData(10_000)]
    [InlineData(70_000)]
    public async Task All_points_are_ready_soon(int count)
    {
        await using var page = await FakePage.OpenAsync(chromium, $"{{ count: {count} }}");
        await Expect(page.Map).ToHaveAttributeAsync("data-points", count.ToString(CultureInfo.InvariantCulture));
        double ready = await page.EvalAsync<double>("() => performance.now() - opened");
        double[] times = await page.EvalAsync<double[]>(
            """
            async () => {
              const map = document.querySelector('[data-testid=latent-map]');
              const { left, top } = map.getBoundingClientRect();
              const send = (type, x, buttons) => map.dispatchEvent(new PointerEvent(type, { pointerId: 1, button: 2, buttons, clientX: left + x, clientY: top + 200, bubbles: true }));
              map.setPointerCapture = () => {};
              const frame = () => new Promise(requestAnimationFrame);
              send('pointerdown', 100, 2);
              const times = [];
              for (let i = 0, last = await frame(); i < 40; i++) {
                send('pointermove', 100 + 5 * i, 2);
                const now = await frame();
                times.push(now - last);
                last = now;
              }
              send('pointerup', 300, 0);
              return times.sort((a, b) => a - b);
            }
            """
        );
        output.WriteLine(
            $"{count:N0} points: ready {ready:F0} ms after the start at the latest; a pan's frames: median {times[20]:F1} ms, 9 of 10 {times[36]:F1} ms"
        );
        Assert.InRange(ready, 0, count / 5 + 3000);
        await page.Page.WaitForFunctionAsync($"() => document.querySelector('[data-testid=latent-map]').dataset.drawn === '{count}'"); // all again at rest
    }

    /// <summary>A lone point of each label is seen in its colour.</summary>
    [Fact]
    public async Task Points_have_the_colours_of_their_labels_and_the_others_of_a_label_alone_are_faint()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{ count: 10 }", "{ state: { grid: '0' } }");
        int[] colors = await page.EvalAsync<int[]>(Seen);
        Assert.True(Like([0xa5, 0x00, 0x26], colors[..3]) && Like([0x31, 0x36, 0x95], colors[27..]));
        await page.Page.GetByTestId("label-9").ClickAsync();
        Assert.Equal("9", (await page.StateAsync())["label"]);
        await page.EvalAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        int[] alone = await page.EvalAsync<int[]>(Seen);
        Assert.True(Like([0x31, 0x36, 0x95], alone[27..]) && !Like([0xa5, 0x00, 0x26], alone[..3]));
        await page.Page.GetByTestId("label-9").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        Assert.DoesNotContain("label", (await page.StateAsync()).Keys);

        static bool Like(int[] color, int[] seen) => color.Zip(seen, (a, b) => Math.Abs(a - b)).Max() <= 2; // points are not quite opaque
    }

    private const string Seen = """
        () => {
          const [cx, cy, scale] = explorer.view();
          const canvas = document.querySelector('.lx-middle');
          return Array.from({ length: 10 }, (_, i) => {
            const x = canvas.width / 2 + (backend.codes[2 * i] - cx) * scale;
            const y = canvas.height / 2 - (backend.codes[2 * i + 1] - cy) * scale;
            return [...canvas.getContext('2d').getImageData(Math.floor(x), Math.floor(y), 1, 1).data.slice(0, 3)];
          }).flat();
        }
        """;

    [Fact]
    public async Task A_drag_decodes_as_it_goes()
    {
        await using var page = await FakePage.OpenAsync(chromium);
        await page.DragAsync(await page.PlaceAsync(-2, -1), await page.PlaceAsync(1.5, 2));
        float[] code = await page.CodeAsync();
        Assert.Equal(1.5, code[0], 0.02);
        Assert.Equal(2, code[1], 0.02);
        Assert.Equal(code[0], await page.SliderAsync(0), 1e-5);
        Assert.Equal(code[1], await page.SliderAsync(1), 1e-5);
        await page.ShowsAsync(code);
        Assert.True(await page.EvalAsync<int>("() => Number(document.querySelector('[data-testid=decoded]').dataset.version)") > 3);
    }

    [Fact]
    public async Task In_many_numbers_a_drag_stays_in_the_plane_of_the_axes()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{ latent: 6 }");
        await page.EvalAsync("() => explorer.setCode([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])");
        await page.Page.GetByTestId("axis-0").SelectOptionAsync("z4");
        await page.Page.GetByTestId("axis-1").SelectOptionAsync("p3"); // of the fake's: the fourth number, too; then the fifth
        await page.Page.GetByTestId("axis-1").SelectOptionAsync("p4");
        await page.DragAsync(await page.PlaceAsync(0, 0), await page.PlaceAsync(1, -1));
        float[] code = await page.CodeAsync();
        Assert.Equal([0.1f, 0.2f, 0.3f, 0.6f], [code[0], code[1], code[2], code[5]]);
        Assert.Equal(1, code[3], 0.03);
        float mean = await page.EvalAsync<float>("() => backend.meta.mean[4]");
        Assert.Equal(mean - 1, code[4], 0.03);
        await page.Page.GetByTestId("axis-1").SelectOptionAsync("z4"); // the other axis' one: they change places
        Assert.Equal("p4,z4", (await page.StateAsync())["axes"]);
    }

    [Fact]
    public async Task One_number_is_a_strip()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{ latent: 1 }");
        var box = (await page.Map.BoundingBoxAsync())!;
        await page.DragAsync((box.X + 200, box.Y + 100), (box.X + 300, box.Y + 300));
        float here = (await page.CodeAsync())[0];
        await page.DragAsync((box.X + 200, box.Y + 300), (box.X + 300, box.Y + 100));
        Assert.Equal(here, (await page.CodeAsync())[0], 1e-4);
        await page.ShowsAsync([here]);
    }

    [Fact]
    public async Task Hovering_shows_an_image_and_a_click_selects_it_with_its_neighbours()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{ count: 200 }");
        double[] point = await page.EvalAsync<double[]>(FirstPoint);
        var (x, y) = await page.PlaceAsync(point[0], point[1]);
        await page.Page.Mouse.MoveAsync(x, y);
        await Expect(page.Page.Locator(".lx-tip")).ToContainTextAsync("0 · image 0");
        await page.Page.Mouse.ClickAsync(x, y);
        Assert.Equal(point.Select(value => (float)value), await page.CodeAsync());
        await Expect(page.Page.GetByTestId("selected-image")).ToBeVisibleAsync();
        await Expect(page.Page.GetByTestId("selected-reconstruction")).ToBeVisibleAsync();
        await Expect(page.Page.GetByTestId("selection-text")).ToContainTextAsync("label 0");
        string[] near = await page.EvalAsync<string[]>(
            """
            () => {
              const distance = i => Math.hypot(backend.codes[2 * i] - backend.codes[0], backend.codes[2 * i + 1] - backend.codes[1]);
              return Array.from({ length: 199 }, (_, i) => i + 1)
                .sort((a, b) => distance(a) - distance(b)).slice(0, 8).map(i => `${i % 10}, image ${i}, ${distance(i).toFixed(2)} away`);
            }
            """
        );
        Assert.Equal(near, await page.EvalAsync<string[]>("() => [...document.querySelectorAll('.lx-thumb')].map(node => node.title)"));
        await page.Page.Locator(".lx-thumb").Nth(2).ClickAsync();
        await Expect(page.Page.GetByTestId("selection")).ToContainTextAsync("Image " + near[2].Split(' ')[2].TrimEnd(','));
        await page.EvalAsync("() => explorer.setCode([0, 0])"); // elsewhere: the panel follows the cross-hair again
        await Expect(page.Page.GetByTestId("selected-image")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_lasso_selects_the_points_inside_it()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{ count: 2000 }");
        float[] before = await page.CodeAsync();
        await page.Page.GetByTestId("mode-lasso").ClickAsync();
        (double X, double Y)[] corners = [(-1, -1.5), (2, -1.5), (2, 1), (-1, 1)];
        var first = await page.PlaceAsync(corners[0].X, corners[0].Y);
        await page.Page.Mouse.MoveAsync(first.X, first.Y);
        await page.Page.Mouse.DownAsync();
        foreach (var corner in corners[1..])
        {
            var (x, y) = await page.PlaceAsync(corner.X, corner.Y);
            await page.Page.Mouse.MoveAsync(x, y, new() { Steps = 3 });
        }
        await page.Page.Mouse.UpAsync();
        const string count = """
            (some) => {
              let inside = 0;
              for (let i = 0; i < 2000; i++) {
                const [x, y] = [backend.codes[2 * i], backend.codes[2 * i + 1]];
                inside += x > -1 && x < 2 && y > -1.5 && y < 1 && (some === null || i % 10 === some);
              }
              return inside;
            }
            """;
        int expected = await page.Page.EvaluateAsync<int>(count, null);
        int selected = await SelectedAsync();
        Assert.InRange(selected, expected - 6, expected + 6); // the pointer is on whole pixels
        Assert.Equal(before, await page.CodeAsync());
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.GetByTestId("selection-csv").ClickAsync());
        Assert.Equal(
            selected + 1,
            (await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken)).Length
        );

        await page.Page.GetByTestId("label-3").ClickAsync();
        await page.Page.GetByTestId("select-view").ClickAsync(); // the keyboard's way to select many
        Assert.Equal(200, await SelectedAsync());
        await page.Page.GetByTestId("clear-selection").ClickAsync();
        await Expect(page.Page.GetByTestId("selection")).ToContainTextAsync("Nearest images");

        async Task<int> SelectedAsync()
        {
            string heading = await page.Page.GetByTestId("selection").Locator("h2").InnerTextAsync();
            return int.Parse(heading.Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task Wheel_and_other_buttons_move_the_map_and_not_the_code()
    {
        await using var page = await FakePage.OpenAsync(chromium);
        float[] code = await page.CodeAsync();
        double[] start = await ViewAsync();
        var at = await page.PlaceAsync(1, 1);
        await page.Page.Mouse.MoveAsync(at.X, at.Y);
        await page.Page.Mouse.WheelAsync(0, -300);
        await page.Page.WaitForFunctionAsync($"() => explorer.view()[2] > {start[2].ToString(CultureInfo.InvariantCulture)} * 1.2");
        Near(at, await page.PlaceAsync(1, 1), 1.5f); // what is under the pointer stays there

        double[] zoomed = await ViewAsync();
        await page.DragAsync(at, (at.X + 50, at.Y + 30), MouseButton.Right);
        await MovedAsync(50, 30);
        zoomed = await ViewAsync();
        await page.Page.Keyboard.DownAsync("Space");
        await page.DragAsync(at, (at.X - 40, at.Y));
        await page.Page.Keyboard.UpAsync("Space");
        await MovedAsync(-40, 0);
        zoomed = await ViewAsync();
        await page.Page.GetByTestId("mode-pan").ClickAsync();
        await page.DragAsync(at, (at.X, at.Y + 25));
        await MovedAsync(0, 25);
        Assert.Equal(code, await page.CodeAsync());
        await page.Page.Mouse.DblClickAsync(at.X, at.Y);
        Assert.Equal(start, await ViewAsync());

        Task<double[]> ViewAsync() => page.EvalAsync<double[]>("() => explorer.view()");
        async Task MovedAsync(double x, double y)
        {
            double[] view = await ViewAsync();
            Assert.Equal(-x, (view[0] - zoomed[0]) * view[2], 1e-3);
            Assert.Equal(y, (view[1] - zoomed[1]) * view[2], 1e-3);
        }
    }

    [Fact]
    public async Task Keys_move_the_cross_hair_and_the_map()
    {
        await using var page = await FakePage.OpenAsync(chromium);
        await page.EvalAsync("() => explorer.setCode([0, 0])");
        await page.Map.FocusAsync();
        double[] start = await page.EvalAsync<double[]>("() => explorer.view()");
        foreach (string key in (string[])["ArrowRight", "ArrowRight", "ArrowUp"])
            await page.Page.Keyboard.PressAsync(key);
        float[] code = await page.CodeAsync();
        Assert.Equal(16 / start[2], code[0], 1e-4);
        Assert.Equal(8 / start[2], code[1], 1e-4);
        await page.Page.Keyboard.PressAsync("Shift+ArrowLeft");
        Assert.Equal(-60, ((await page.EvalAsync<double[]>("() => explorer.view()"))[0] - start[0]) * start[2], 1e-3);
        await page.Page.Keyboard.PressAsync("+");
        Assert.Equal(1.25 * start[2], (await page.EvalAsync<double[]>("() => explorer.view()"))[2], 1e-6);
        await page.Page.Keyboard.PressAsync("Home");
        Assert.Equal(start, await page.EvalAsync<double[]>("() => explorer.view()"));
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByTestId("selected-image")).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.Page.GetByTestId("selected-image")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Two_fingers_zoom_and_pan()
    {
        await using var page = await FakePage.OpenAsync(chromium);
        double[] views = await page.EvalAsync<double[]>(
            """
            () => {
              const map = document.querySelector('[data-testid=latent-map]');
              const { left, top } = map.getBoundingClientRect();
              map.setPointerCapture = () => {};
              const send = (type, id, x) => map.dispatchEvent(new PointerEvent(type, { pointerId: id, pointerType: 'touch', button: type === 'pointermove' ? -1 : 0, buttons: 1, clientX: left + x, clientY: top + 200, bubbles: true }));
              const before = explorer.view();
              send('pointerdown', 1, 200);
              send('pointerdown', 2, 300);
              send('pointermove', 2, 400);
              send('pointermove', 1, 100);
              send('pointerup', 1, 100);
              send('pointerup', 2, 400);
              return [...before, ...explorer.view()];
            }
            """
        );
        Assert.Equal(3, views[5] / views[2], 1e-6);
        Assert.Equal(await page.EvalAsync<float[]>("() => backend.meta.mean"), await page.CodeAsync());
    }

    [Fact]
    public async Task Behind_the_points_is_the_decoded_plane_faint_where_there_are_none()
    {
        await using var page = await FakePage.OpenAsync(chromium, "{ count: 3000 }");
        await page.Page.GetByTestId("points-switch").UncheckAsync();
        await page.Page.WaitForFunctionAsync($"() => ({Ink})(0.4, 0.6) > 30");
        await page.Page.WaitForTimeoutAsync(300);
        int near = await page.EvalAsync<int>($"() => ({Ink})(0.4, 0.6)");
        int far = await page.EvalAsync<int>($"() => ({Ink})(0.01, 0.03)");
        Assert.True(near > 3 * far, $"{near} in the middle, {far} at the edge");
        await page.Page.GetByTestId("grid-switch").UncheckAsync();
        await page.Page.WaitForFunctionAsync($"() => ({Ink})(0.4, 0.6) < 30");
    }

    /// <summary>How dark the darkest place of a part of the map is, across.</summary>
    private const string Ink = """
        (from, to) => {
          const canvas = document.querySelector('.lx-back');
          const [left, wide] = [46 + Math.round(from * (canvas.width - 60)), Math.round((to - from) * (canvas.width - 60))];
          const { data } = canvas.getContext('2d').getImageData(left, canvas.height / 2 - 90, wide, 180);
          let ink = 0;
          for (let i = 0; i < data.length; i += 4)
            ink = Math.max(ink, 244 - data[i] - 31);
          return Math.max(0, ink);
        }
        """;

    /// <summary>A tile stays while the map moves, and what was decoded once is not decoded again.</summary>
    [Fact]
    public async Task A_pan_decodes_only_what_comes_into_view()
    {
        await using var page = await FakePage.OpenAsync(chromium);
        await page.EvalAsync(
            "() => { backend.tiles = 0; backend.many = backend.decodeMany; backend.decodeMany = (zs, n) => { backend.tiles += n; return backend.many(zs, n); }; }"
        );
        await page.Page.WaitForTimeoutAsync(700);
        await page.EvalAsync("() => backend.tiles = 0");
        await page.Map.FocusAsync();
        await page.Page.Keyboard.PressAsync("Shift+ArrowLeft");
        await page.Page.WaitForFunctionAsync("() => backend.tiles > 0");
        await page.Page.WaitForTimeoutAsync(300);
        int tiles = await page.EvalAsync<int>("() => backend.tiles");
        Assert.InRange(tiles, 1, 60); // of about 200
        await page.Page.Keyboard.PressAsync("Shift+ArrowRight");
        await page.Page.WaitForTimeoutAsync(400);
        Assert.Equal(tiles, await page.EvalAsync<int>("() => backend.tiles"));
    }

    private static void Near((float X, float Y) a, (float X, float Y) b, float most) =>
        Assert.InRange(Math.Max(Math.Abs(a.X - b.X), Math.Abs(a.Y - b.Y)), 0, most);
}
