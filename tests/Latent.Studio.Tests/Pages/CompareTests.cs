using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Latent.Studio.Tests.Pages;

public sealed class CompareTests(SmallRuns runs) : Rendering
{
    [Theory]
    [InlineData("/compare?a=plane&b=plane-b", "true", "linked: the same code")]
    [InlineData("/compare?a=plane&b=ten", "false", "2 numbers on the left and 10 on the right")]
    public void Cross_hairs_are_linked_where_the_sizes_agree(string address, string linked, string text)
    {
        Show(runs.Copy("plane", "plane-b", "ten"));
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        var page = Render<Studio.Pages.Compare>();
        var said = page.Find("[data-testid=compare-link]");
        Assert.Equal(linked, said.GetAttribute("data-linked"));
        Assert.Contains(text, said.TextContent);
        Assert.Equal(2, page.FindAll("latent-explorer[data-compact=true]").Count);
        Assert.Equal(linked == "true" ? 2 : 0, page.FindAll("latent-explorer[data-link=compare]").Count);
    }

    [Fact]
    public void Other_runs_are_chosen_in_the_address()
    {
        Show(runs.Copy("plane", "plane-b", "ten"));
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/compare?a=plane&b=plane-b");
        var page = Render<Studio.Pages.Compare>();
        page.Find("[data-testid=compare-b] select").Change("ten");
        Assert.EndsWith("/compare?a=plane&b=ten", navigation.Uri);
        page.Find("[data-testid=compare-swap]").Click();
        Assert.EndsWith("/compare?a=ten&b=plane", navigation.Uri);
    }

    [Fact]
    public void One_run_cannot_be_compared()
    {
        Show(runs.Copy("plane"));
        Assert.Contains("Two runs are needed", Render<Studio.Pages.Compare>().Find("[data-testid=compare-empty]").TextContent);
    }
}
