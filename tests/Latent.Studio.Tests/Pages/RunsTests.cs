using AngleSharp.Dom;
using Bunit;

namespace Latent.Studio.Tests.Pages;

public sealed class RunsTests(SmallRuns runs) : Rendering
{
    [Fact]
    public void Without_runs_it_says_how_to_train_one()
    {
        Show(runs.Copy());
        Providers();
        var page = Render<Studio.Pages.Runs>();
        Assert.Contains("latent train mnist", page.Find("[data-testid=runs-empty]").TextContent);
    }

    [Fact]
    public void A_line_has_the_numbers_of_a_run()
    {
        Show(runs.Copy("ten"));
        Providers();
        var page = Render<Studio.Pages.Runs>();
        string line = page.Find("[data-testid=runs-table] [data-run=ten]").TextContent;
        foreach (string part in (string[])["ten", "mnist", "10", "fast", "finished"])
            Assert.Contains(part, line);
        Assert.Equal("/?run=ten", page.Find(".run-link").GetAttribute("href"));
        Assert.Equal("/api/runs/ten/report", page.Find("[aria-label='Report of ten']").GetAttribute("href"));
        Assert.Equal("/api/runs/ten/explorer.html", page.Find("[aria-label='Export ten as one page']").GetAttribute("href"));
    }

    [Fact]
    public void A_click_on_a_head_sorts_and_the_next_turns_it_around()
    {
        Show(runs.Copy("plane", "ten"));
        Providers();
        var page = Render<Studio.Pages.Runs>();
        Head("latent").Click();
        Assert.Equal(["plane", "ten"], Names());
        Assert.Equal("ascending", Head("latent").ParentElement!.GetAttribute("aria-sort"));
        Head("latent").Click();
        Assert.Equal(["ten", "plane"], Names());
        Assert.Equal("descending", Head("latent").ParentElement!.GetAttribute("aria-sort"));

        IElement Head(string title) =>
            page.FindAll(".runs-sort").Single(head => head.TextContent.StartsWith(title, StringComparison.Ordinal));
        string[] Names() => [.. page.FindAll(".run-link").Select(link => link.TextContent)];
    }

    [Fact]
    public void A_damaged_run_shows_its_message()
    {
        var copy = runs.Copy("plane", "plane>cut");
        copy.Damage("cut");
        Show(copy);
        Providers();
        var page = Render<Studio.Pages.Runs>();
        Assert.Contains("damaged", page.Find("[data-run=cut]").TextContent);
        Assert.Contains("model.safetensors", page.Find(".runs-problem").TextContent);
        Assert.Contains("finished", page.Find("[data-run=plane]").TextContent);
    }

    [Fact]
    public void Two_that_are_selected_can_be_compared()
    {
        Show(runs.Copy("plane", "ten", "plane-b"));
        Providers();
        var page = Render<Studio.Pages.Runs>();
        Assert.Null(Compare().GetAttribute("href"));
        Select("plane");
        Assert.Null(Compare().GetAttribute("href"));
        Select("plane-b");
        Assert.Contains(Compare().GetAttribute("href"), (string[])["/compare?a=plane&b=plane-b", "/compare?a=plane-b&b=plane"]);
        Select("ten");
        Assert.Null(Compare().GetAttribute("href"));

        IElement Compare() => page.Find("[data-testid=runs-compare]");
        void Select(string run) => page.Find($"[aria-label='Select {run}']").Change(true);
    }

    [Fact]
    public void Deleting_asks_first()
    {
        var copy = runs.Copy("plane", "ten");
        Show(copy);
        var dialogs = Providers();
        var page = Render<Studio.Pages.Runs>();

        page.Find("[aria-label='Delete ten']").Click(); // not awaited: it lasts until the question is answered
        dialogs.WaitForElement("[data-testid=delete-cancel]").Click();
        dialogs.WaitForAssertion(() => Assert.Empty(dialogs.FindAll("[data-testid=delete-confirm]")));
        Assert.True(Directory.Exists(copy["ten"]));

        page.Find("[aria-label='Delete ten']").Click(); // not awaited: it lasts until the question is answered
        Assert.Contains(copy["ten"], dialogs.WaitForElement(".mud-dialog").TextContent);
        dialogs.Find("[data-testid=delete-confirm]").Click();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-run=ten]")));
        Assert.False(Directory.Exists(copy["ten"]));
        Assert.True(Directory.Exists(copy["plane"]));
    }
}
