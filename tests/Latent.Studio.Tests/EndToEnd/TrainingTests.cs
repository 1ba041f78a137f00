using Latent.Studio.Tests.Training;
using Latent.Tests.Browser;
using Latent.Tests.Shared;
using Latent.Training;
using Microsoft.Playwright;

namespace Latent.Studio.Tests.EndToEnd;

/// <summary>A training of the studio, from the form to the explorer, in the real program and a real browser.</summary>
public sealed class TrainingTests(Chromium chromium) : IDisposable
{
    private const float Patience = 120_000; // milliseconds

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_training_is_started_watched_reloaded_paused_resumed_and_stopped()
    {
        await using var studio = await StartAsync();
        await using var visit = await OpenAsync(studio);
        await BeginAsync(visit, "watched");

        // its loss, its pictures and its map, live
        await visit.Page.WaitForFunctionAsync("() => +document.querySelector('[data-testid=loss-chart]').dataset.epochs >= 3");
        await visit.Page.WaitForFunctionAsync("() => +document.querySelector('[data-testid=loss-chart]').dataset.steps >= 3");
        Assert.True(await Canvas(visit) > 0);
        await visit.Page.Locator("[data-testid=train-pictures][data-count='10']").WaitForAsync();
        await visit.Page.Locator("[data-testid=train-map] [data-testid=latent-map][data-points='200']").WaitForAsync();
        Assert.True(await visit.Test("train-start").IsDisabledAsync());

        // going back stays there while the training goes on
        var slider = visit.Test("epoch-slider");
        await slider.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Home");
        await Text(visit, "epoch-text", "before training");
        int last = int.Parse((await slider.GetAttributeAsync("max"))!);
        await visit.Page.WaitForFunctionAsync("last => +document.querySelector('[data-testid=epoch-slider]').max > last", last);
        Assert.Equal("before training", await visit.Test("epoch-text").TextContentAsync());

        // the training is the server's, not the page's
        int epochs = await Epochs(visit);
        await visit.Page.ReloadAsync();
        await Text(visit, "train-run", "watched");
        await visit.Page.WaitForFunctionAsync(
            "epochs => +document.querySelector('[data-testid=loss-chart]').dataset.epochs > epochs",
            epochs
        );

        await visit.Test("train-pause").ClickAsync();
        await Text(visit, "train-phase", "paused");
        int paused = await Epochs(visit);
        await visit.Test("train-resume").ClickAsync();
        await Text(visit, "train-phase", "training");
        await visit.Page.WaitForFunctionAsync(
            "epochs => +document.querySelector('[data-testid=loss-chart]').dataset.epochs > epochs",
            paused
        );
        await visit.Test("train-stop").ClickAsync();
        await Text(visit, "train-phase", "stopped");

        await visit.Test("train-report").WaitForAsync();
        await visit.Test("train-explore").ClickAsync();
        await Assertions.Expect(visit.Page).ToHaveTitleAsync("watched · Latent Studio", new() { Timeout = Patience });
        await visit.MapAsync("latent-explorer");
        visit.AssertClean();
    }

    [Fact]
    public async Task Ctrl_C_saves_the_training_and_the_next_studio_offers_to_go_on()
    {
        await using (var studio = await StartAsync())
        {
            await using var visit = await OpenAsync(studio);
            await BeginAsync(visit, "cut");
            await visit.Page.WaitForFunctionAsync("() => +document.querySelector('[data-testid=loss-chart]').dataset.epochs >= 1");
            var (code, _, error) = await studio.InterruptAsync();
            Assert.Equal(("", 0), (error, code));
        }
        using (var saved = SavedTraining.Open(_folder["runs/cut"]))
            Assert.NotEmpty(saved.History);
        await using var next = await StartAsync();
        await using var later = await OpenAsync(next);
        await later.Test("resume-cut").ClickAsync();
        await Text(later, "train-phase", "training");
        await Text(later, "train-run", "cut");
        later.AssertClean();
    }

    [Fact]
    public async Task What_is_wrong_is_told_in_the_form_and_the_page_fits_a_phone()
    {
        await using var studio = await StartAsync();
        await using var visit = await OpenAsync(studio, 390, 844);
        await visit.Test("train-epochs").FillAsync("0");
        await visit.Page.GetByText("Epochs must be at least 1; it is 0.").WaitForAsync();
        await visit.Test("train-start").ClickAsync();
        Assert.Equal(390, await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal(0, await visit.Test("train-pause").CountAsync());
        visit.AssertClean();
    }

    private Task<StudioProgram> StartAsync() => StudioProgram.StartAsync(_folder.Path, "--runs", _folder["runs"]);

    /// <summary>The page, with patience: other tests and the training itself share the machine.</summary>
    private async Task<Visit> OpenAsync(StudioProgram studio, int width = 1440, int height = 900)
    {
        var visit = await Visit.OpenAsync(chromium, studio, "/train", width, height);
        visit.Page.SetDefaultTimeout(Patience);
        return visit;
    }

    /// <summary>Starts a training of a few digits that would last for minutes.</summary>
    private async Task BeginAsync(Visit visit, string name)
    {
        string digits = FewDigits.Write(_folder["digits"]);
        await Assertions.Expect(visit.Test("train-start")).ToBeEnabledAsync(new() { Timeout = Patience });
        await visit.Page.Locator(".train-form .mud-select").First.ClickAsync();
        await visit.Page.GetByText("A folder of IDX files…").ClickAsync();
        await visit.Test("train-folder").FillAsync(digits);
        await visit.Test("train-latent").FillAsync("2");
        await visit.Test("train-epochs").FillAsync("5000");
        await visit.Test("train-name").FillAsync(name);
        await visit.Test("train-start").ClickAsync();
        await Text(visit, "train-phase", "training");
    }

    private static Task<int> Epochs(Visit visit) =>
        visit.Page.EvaluateAsync<int>("() => +document.querySelector('[data-testid=loss-chart]').dataset.epochs");

    /// <summary>How many pixels of the chart are not empty.</summary>
    private static Task<int> Canvas(Visit visit) =>
        visit.Page.EvaluateAsync<int>(
            """
            () => {
              const canvas = document.querySelector('[data-testid=loss-chart] canvas');
              const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
              let drawn = 0;
              for (let i = 3; i < pixels.length; i += 4)
                drawn += pixels[i] > 0;
              return drawn;
            }
            """
        );

    private static Task Text(Visit visit, string id, string text) =>
        Assertions.Expect(visit.Test(id)).ToHaveTextAsync(text, new() { Timeout = Patience });
}
