using Bunit;
using Latent.Studio.Components;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Latent.Studio.Tests.Pages;

public sealed class LayoutTests(SmallRuns runs) : Rendering
{
    [Fact]
    public void It_names_the_page_and_the_run()
    {
        Show(runs.Copy("plane", "ten"));
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/?run=ten");
        var layout = Render<MainLayout>();
        Assert.Equal("Explorer", layout.Find("nav [aria-current=page]").TextContent);
        Assert.Equal("ten", layout.Find("[data-testid=run-select]").GetAttribute("value"));
        Assert.NotNull(layout.Find("[data-testid=theme-toggle]").GetAttribute("aria-label"));

        navigation.NavigateTo("/runs");
        layout.WaitForAssertion(() => Assert.Equal("Runs", layout.Find("nav [aria-current=page]").TextContent));
        Assert.Equal("/?run=ten", layout.FindAll("nav a")[0].GetAttribute("href")); // back to where one was
    }

    [Fact]
    public void Another_run_is_opened_in_the_explorer()
    {
        Show(runs.Copy("plane", "ten"));
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/runs");
        var layout = Render<MainLayout>();
        layout.Find("[data-testid=run-select]").Change("plane");
        Assert.EndsWith("/?run=plane", navigation.Uri);
    }

    [Fact]
    public void Without_runs_there_is_nothing_to_select()
    {
        Show(runs.Copy());
        Assert.Empty(Render<MainLayout>().FindAll("[data-testid=run-select]"));
    }
}
