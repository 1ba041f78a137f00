using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Latent.Studio.Tests.Pages;

public sealed class ExplorerTests(SmallRuns runs) : Rendering
{
    [Fact]
    public void Without_runs_it_says_how_to_train_one()
    {
        var copy = runs.Copy();
        Show(copy);
        var page = Render<Studio.Pages.Explorer>();
        string text = page.Find("[data-testid=explorer-empty]").TextContent;
        Assert.Contains("latent train mnist --latent 2", text);
        Assert.Contains(copy.Path, text);
    }

    [Theory]
    [InlineData("/", "ten")] // the one that was written to last
    [InlineData("/?run=plane", "plane")]
    public void The_explorer_of_a_run(string address, string expected)
    {
        var copy = runs.Copy("plane", "ten");
        File.SetLastWriteTimeUtc(Path.Combine(copy["ten"], "run.json"), DateTime.UtcNow.AddMinutes(1));
        Show(copy);
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        var page = Render<Studio.Pages.Explorer>();
        Assert.Equal(expected, page.Find("latent-explorer").GetAttribute("data-run"));
    }

    [Fact]
    public void A_run_that_is_not_there()
    {
        Show(runs.Copy("plane"));
        Services.GetRequiredService<NavigationManager>().NavigateTo("/?run=../etc");
        Assert.Contains("'../etc'", Render<Studio.Pages.Explorer>().Find("[data-testid=explorer-missing]").TextContent);
    }

    [Fact]
    public void A_damaged_run()
    {
        var copy = runs.Copy("plane");
        copy.Damage("plane");
        Show(copy);
        string text = Render<Studio.Pages.Explorer>().Find("[data-testid=explorer-damaged]").TextContent;
        Assert.Contains("plane cannot be opened", text);
        Assert.Contains("model.safetensors", text);
    }

    [Fact]
    public void A_training_that_has_no_model_yet()
    {
        var copy = runs.Copy("plane");
        File.Delete(Path.Combine(copy["plane"], "model.safetensors"));
        Show(copy);
        Assert.Contains("no model yet", Render<Studio.Pages.Explorer>().Find("[data-testid=explorer-waiting]").TextContent);
    }
}
