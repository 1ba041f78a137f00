using Latent.Studio.Tests.EndToEnd;
using Latent.Tests.Browser;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Latent.Studio.Tests.EndToEnd;

/// <summary>The real program in a real browser.</summary>
public sealed class StudioTests(StudioTests.Program studio, Chromium chromium) : IClassFixture<StudioTests.Program>
{
    [Fact]
    public async Task The_explorer_opens_with_all_in_view_and_follows_the_hand()
    {
        await using var visit = await Visit.OpenAsync(chromium, studio.Started, "/?run=plane");
        var map = await visit.MapAsync();
        Assert.Equal("10000", await map.GetAttributeAsync("data-points"));
        Assert.Equal("plane · Latent Studio", await visit.Page.TitleAsync());
        foreach (string part in (string[])["latent-map", "slider-0", "decoded", "draw-pad"])
        {
            var box = (await visit.Test(part).BoundingBoxAsync())!;
            Assert.True(
                box.Width > 10 && box.Y >= 0 && box.Y + box.Height <= 900,
                $"{part} at {box.X}, {box.Y}, {box.Width} × {box.Height}"
            );
        }

        int version = await visit.VersionAsync();
        var plane = (await map.BoundingBoxAsync())!;
        await visit.Page.Mouse.MoveAsync(plane.X + plane.Width / 2, plane.Y + plane.Height / 2);
        await visit.Page.Mouse.DownAsync();
        await visit.Page.Mouse.MoveAsync(plane.X + plane.Width / 3, plane.Y + plane.Height / 3, new() { Steps = 8 });
        await visit.NewerAsync(version);
        await visit.Page.Mouse.UpAsync();

        version = await visit.VersionAsync();
        await visit.SlideAsync(0, 0.5);
        await visit.NewerAsync(version);
        Assert.Equal(1, await visit.Test("decoded").CountAsync());
        visit.AssertClean();
    }

    [Fact]
    public async Task A_reload_and_a_copied_address_bring_the_same_state_back()
    {
        await using var visit = await Visit.OpenAsync(chromium, studio.Started);
        await visit.MapAsync();
        await visit.SlideAsync(0, 0.75);
        await visit.SlideAsync(1, -0.5);
        await visit.Page.WaitForURLAsync("**/?run=plane#*z=0.7*");
        double[] set = [await visit.SliderAsync(0), await visit.SliderAsync(1)];
        await visit.Page.ReloadAsync();
        await visit.MapAsync();
        Assert.Equal(set, new[] { await visit.SliderAsync(0), await visit.SliderAsync(1) });

        await using var other = await Visit.OpenAsync(chromium, studio.Started, visit.Page.Url[studio.Started.Address.Length..]); // a second browser
        await other.MapAsync();
        Assert.Equal(set, new[] { await other.SliderAsync(0), await other.SliderAsync(1) });
        int version = await other.VersionAsync();
        await Task.WhenAll(visit.SlideAsync(0, 0.1), other.SlideAsync(0, -0.1)); // both at once
        await other.NewerAsync(version);
        visit.AssertClean();
        other.AssertClean();
    }

    [Fact]
    public async Task The_theme_follows_the_system_until_one_is_chosen_and_is_there_before_anything_is_painted()
    {
        await using var visit = await Visit.OpenAsync(chromium, studio.Started, "/runs", scheme: ColorScheme.Dark);
        await visit.Page.AddInitScriptAsync(
            "new MutationObserver((_, seen) => document.body && (seen.disconnect(), window.themeAtFirst = document.documentElement.dataset.theme)).observe(document, { childList: true, subtree: true });"
        );
        Assert.Equal("dark", await Theme());
        string dark = await Ground();
        await visit.Test("theme-toggle").ClickAsync();
        Assert.Equal("light", await Theme());
        Assert.NotEqual(dark, await Ground());

        await visit.Page.ReloadAsync();
        Assert.Equal("light", await visit.Page.EvaluateAsync<string>("window.themeAtFirst"));
        await visit.Test("runs-table").WaitForAsync();
        Assert.Equal("light", await Theme());

        await visit.Test("theme-toggle").ClickAsync(); // what the system says: it is followed again
        await visit.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await visit.Page.WaitForFunctionAsync("() => document.documentElement.dataset.theme === 'light'");
        await visit.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await visit.Page.WaitForFunctionAsync("() => document.documentElement.dataset.theme === 'dark'");
        visit.AssertClean();

        Task<string> Theme() => visit.Page.EvaluateAsync<string>("document.documentElement.dataset.theme");
        Task<string> Ground() => visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }

    [Fact]
    public async Task Two_runs_are_selected_and_compared_with_linked_cross_hairs()
    {
        await using var visit = await Visit.OpenAsync(chromium, studio.Started, "/runs");
        await CheckAsync("plane");
        await CheckAsync("plane-b");
        await visit.Test("runs-compare").ClickAsync();
        await visit.MapAsync("[data-testid=compare-a]");
        await visit.MapAsync("[data-testid=compare-b]");
        Assert.Equal("true", await visit.Test("compare-link").GetAttributeAsync("data-linked"));
        int version = await visit.VersionAsync("[data-testid=compare-b]");
        await visit.SlideAsync(0, 0.33, "[data-testid=compare-a]");
        await visit.NewerAsync(version, "[data-testid=compare-b]");
        Assert.Equal(await visit.SliderAsync(0, "[data-testid=compare-a]"), await visit.SliderAsync(0, "[data-testid=compare-b]"), 0.02);

        await visit.Page.Locator("[data-testid=compare-b] select").First.SelectOptionAsync("ten");
        await visit.Page.Locator("[data-testid=compare-link][data-linked=false]").WaitForAsync();
        await visit.MapAsync("[data-testid=compare-b]");
        version = await visit.VersionAsync("[data-testid=compare-a]");
        await visit.SlideAsync(0, -0.33, "[data-testid=compare-a]");
        await visit.NewerAsync(version, "[data-testid=compare-a]");
        visit.AssertClean();

        Task CheckAsync(string run) => visit.Page.GetByLabel($"Select {run}", new() { Exact = true }).CheckAsync();
    }

    [Fact]
    public async Task A_run_is_deleted_only_after_the_question()
    {
        await using var visit = await Visit.OpenAsync(chromium, studio.Started, "/runs");
        var delete = visit.Page.GetByLabel("Delete victim", new() { Exact = true });
        await delete.ClickAsync();
        await visit.Test("delete-confirm").WaitForAsync();
        await visit.Test("delete-cancel").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.Test("delete-confirm").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.True(Directory.Exists(studio.Runs["victim"]));
        await delete.ClickAsync();
        await visit.Test("delete-confirm").ClickAsync();
        await visit.Page.Locator("[data-run=victim]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.False(Directory.Exists(studio.Runs["victim"]));
        visit.AssertClean();
    }

    [Fact]
    public async Task A_damaged_run_is_said_and_the_others_open_from_the_bar()
    {
        await using var visit = await Visit.OpenAsync(chromium, studio.Started, "/?run=cut");
        Assert.Contains("cut cannot be opened", await visit.Test("explorer-damaged").TextContentAsync());
        await visit.Test("run-select").SelectOptionAsync("ten");
        await visit.MapAsync();
        Assert.Equal("ten · Latent Studio", await visit.Page.TitleAsync());
        await visit.Test("slider-9").WaitForAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Every_control_of_the_frame_is_reached_by_the_keyboard()
    {
        await using var visit = await Visit.OpenAsync(chromium, studio.Started, "/runs");
        await visit.Test("runs-table").WaitForAsync();
        var reached = new HashSet<string>();
        for (int i = 0; i < 60; i++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            reached.Add(
                await visit.Page.EvaluateAsync<string>(
                    "() => { const at = document.activeElement; return at.getAttribute('aria-label') ?? at.textContent.trim(); }"
                )
            );
        }
        foreach (
            string name in (string[])
                [
                    "Explorer",
                    "Train",
                    "Runs",
                    "Run",
                    "Switch between light and dark",
                    "val_loss",
                    "plane",
                    "Select ten",
                    "Report of plane",
                    "Delete ten",
                ]
        )
            Assert.Contains(name, reached);
        visit.AssertClean();
    }

    [Fact]
    public async Task A_phone_sees_everything_without_scrolling_to_the_side()
    {
        foreach (string path in (string[])["/?run=plane", "/runs", "/compare?a=plane&b=ten"])
        {
            await using var visit = await Visit.OpenAsync(chromium, studio.Started, path, 390, 844);
            if (path != "/runs")
                await visit.MapAsync(path.StartsWith("/compare", StringComparison.Ordinal) ? "[data-testid=compare-b]" : "main");
            Assert.Equal(390, await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            visit.AssertClean();
        }
    }

    /// <summary>The program ends and is started again on its port: the page says so, and comes back by itself.</summary>
    [Fact]
    public async Task A_page_outlives_the_program()
    {
        using var runs = studio.All.Copy("plane");
        var first = await StudioProgram.StartAsync(runs.Path, "--runs", runs.Path);
        await using var visit = await Visit.OpenAsync(chromium, first);
        await visit.MapAsync();
        await visit.SlideAsync(0, 0.6);
        await visit.Page.WaitForURLAsync("**#*z=0.6*");
        visit.AssertClean();
        await first.DisposeAsync();
        await visit.Page.Locator("#components-reconnect-modal").WaitForAsync();
        Assert.Equal(1, await visit.Test("latent-map").CountAsync());

        await using var second = await StudioProgram.StartAsync(runs.Path, "--runs", runs.Path, "--urls", first.Address);
        await visit.Page.Locator("#components-reconnect-modal").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await visit.MapAsync();
        Assert.Equal(0.6, await visit.SliderAsync(0), 0.02);
    }

    /// <summary>One program for these tests; what one of them deletes no other looks at.</summary>
    public sealed class Program(SmallRuns runs) : IAsyncLifetime
    {
        private StudioProgram? _started;

        public SmallRuns All { get; } = runs;

        public CopiedRuns Runs { get; } = runs.Copy("plane", "plane-b", "ten", "plane>victim", "plane>cut");

        public StudioProgram Started => _started!;

        public async ValueTask InitializeAsync()
        {
            Runs.Damage("cut");
            _started = await StudioProgram.StartAsync(Runs.Path, Runs["plane"], "--runs", Runs.Path);
        }

        public async ValueTask DisposeAsync()
        {
            if (_started is not null)
                await _started.DisposeAsync();
            Runs.Dispose();
        }
    }
}
