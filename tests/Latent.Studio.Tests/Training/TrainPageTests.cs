using Bunit;
using Latent.Studio.Pages;
using Latent.Studio.Training;
using Latent.Tests.Shared;
using Latent.Training;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace Latent.Studio.Tests.Training;

/// <summary>The page's form and its states, with the real service below it.</summary>
public sealed class TrainPageTests : BunitContext
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(180);

    private readonly TemporaryFolder _folder = new();
    private readonly TrainingService _service;

    public TrainPageTests()
    {
        FewDigits.Write(_folder["digits"]);
        _service = new(_folder["runs"]);
        Services.AddMudServices();
        Services.AddSingleton(_service);
        JSInterop.Mode = JSRuntimeMode.Loose; // MudBlazor's own calls, and the modules'
        Render<MudPopoverProvider>();
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Before_any_training_there_is_a_form_with_the_recipes_defaults()
    {
        var page = Render<Train>();
        Assert.NotNull(page.Find("[data-testid=train-idle]"));
        Assert.False(page.Find("[data-testid=train-start]").HasAttribute("disabled"));
        Assert.Contains("fast: 3", page.Markup, StringComparison.Ordinal);
        Assert.Contains("muon: 0.02", page.Markup, StringComparison.Ordinal);
        page.Find("input[data-testid=train-latent]").Input("2");
        Assert.Contains("fast: 12", page.Markup, StringComparison.Ordinal); // a plane takes longer
        Assert.DoesNotContain("train-pause", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_stands_at_the_field_and_nothing_starts()
    {
        var page = Render<Train>();
        page.Find("input[data-testid=train-epochs]").Input("0");
        page.Find("input[data-testid=train-rate]").Input("-1");
        page.Find("input[data-testid=train-name]").Input("a/b");
        Assert.Contains("Epochs must be at least 1; it is 0.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Muon.LearningRate must be a number above 0; it is -1.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("A name has letters", page.Markup, StringComparison.Ordinal);
        page.Find("form").Submit();
        Assert.Equal(TrainingPhase.Idle, _service.Status.Phase);
        page.Find("input[data-testid=train-epochs]").Input("2");
        Assert.DoesNotContain("Epochs must be", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_training_can_be_paused_resumed_and_stopped_and_no_other_started()
    {
        _service.Start(
            new()
            {
                Data = _folder["digits"],
                Latent = 2,
                Epochs = 2000,
                Name = "long",
            }
        );
        var page = Render<Train>();
        Eventually(page, "training", "train-phase");
        Assert.True(page.Find("[data-testid=train-start]").HasAttribute("disabled"));
        page.WaitForAssertion(
            () =>
                Assert.Contains(
                    "Another training is running: long.",
                    page.Find("[data-testid=train-busy]").TextContent,
                    StringComparison.Ordinal
                ),
            s_patience
        );
        page.WaitForAssertion(
            () => Assert.Contains("/ 2000", page.Find("[data-testid=train-epoch]").TextContent, StringComparison.Ordinal),
            s_patience
        );
        page.WaitForAssertion(() => Assert.NotEqual("–", page.Find("[data-testid=train-val-loss]").TextContent), s_patience);
        page.WaitForAssertion(() => page.Find("[data-testid=time-machine]"), s_patience);
        Click(page, "[data-testid=train-pause]");
        Eventually(page, "paused", "train-phase");
        Assert.False(page.Find("[data-testid=train-start]").HasAttribute("disabled"));
        Click(page, "[data-testid=train-resume]");
        Eventually(page, "training", "train-phase");
        Click(page, "[data-testid=train-stop]");
        Eventually(page, "stopped", "train-phase");
        Assert.Equal("/?run=long", page.Find("[data-testid=train-explore]").GetAttribute("href"));
        Assert.Equal("/api/runs/long/report", page.Find("[data-testid=train-report]").GetAttribute("href"));
        await _service.WhenIdle();
    }

    /// <summary>A page is drawn anew by a reload: all it shows is the service's.</summary>
    [Fact]
    public async Task A_page_that_comes_later_shows_the_same()
    {
        _service.Start(
            new()
            {
                Data = _folder["digits"],
                Latent = 2,
                Epochs = 2,
                Name = "short",
            }
        );
        await _service.WhenIdle().WaitAsync(s_patience, Xunit.TestContext.Current.CancellationToken);
        var page = Render<Train>();
        Assert.Equal("finished", page.Find("[data-testid=train-phase]").TextContent);
        Assert.Equal("short", page.Find("[data-testid=train-run]").TextContent);
        Assert.Contains("2 / 2", page.Markup, StringComparison.Ordinal);
        Assert.NotNull(page.Find("[data-testid=time-machine]"));
    }

    [Fact]
    public async Task A_run_that_was_deleted_is_not_shown_any_more()
    {
        _service.Start(
            new()
            {
                Data = _folder["digits"],
                Latent = 2,
                Epochs = 1,
                Name = "gone",
            }
        );
        await _service.WhenIdle().WaitAsync(s_patience, Xunit.TestContext.Current.CancellationToken);
        Directory.Delete(Path.Combine(_folder["runs"], "gone"), recursive: true);
        var page = Render<Train>();
        Assert.NotNull(page.Find("[data-testid=train-idle]"));
        Assert.Empty(page.FindAll("[data-testid=time-machine]"));
    }

    [Fact]
    public async Task Interrupted_runs_are_offered_and_go_on()
    {
        await using (var before = new TrainingService(_folder["runs"]))
        {
            before.Start(
                new()
                {
                    Data = _folder["digits"],
                    Latent = 2,
                    Epochs = 12,
                    Name = "cut",
                }
            );
            while (before.Status.History.Length == 0)
                await Task.Delay(5, Xunit.TestContext.Current.CancellationToken);
        }
        var page = Render<Train>();
        Assert.Contains("of 12 epochs", page.Find("[data-testid=interrupted]").TextContent, StringComparison.Ordinal);
        Click(page, "[data-testid=resume-cut]");
        Eventually(page, "finished", "train-phase");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-testid=interrupted]")), s_patience);
        Assert.Equal(12, _service.Status.History.Length);
    }

    [Fact]
    public async Task An_error_is_one_message_in_the_page()
    {
        _service.Start(
            new()
            {
                Data = _folder["digits"],
                Latent = 2,
                LearningRate = 1e30,
            }
        );
        await _service.WhenIdle().WaitAsync(s_patience, Xunit.TestContext.Current.CancellationToken);
        var page = Render<Train>();
        Assert.Contains("the training diverged", page.Find("[data-testid=train-error]").TextContent, StringComparison.Ordinal);
        Assert.False(page.Find("[data-testid=train-start]").HasAttribute("disabled"));
    }

    /// <summary>The page is drawn all the time: what is found is clicked before it is drawn again.</summary>
    private static void Click(IRenderedComponent<Train> page, string selector) =>
        page.InvokeAsync(() => page.Find(selector).Click()).GetAwaiter().GetResult();

    private static void Eventually(IRenderedComponent<Train> page, string text, string testId) =>
        page.WaitForAssertion(() => Assert.Equal(text, page.Find($"[data-testid={testId}]").TextContent), s_patience);
}
