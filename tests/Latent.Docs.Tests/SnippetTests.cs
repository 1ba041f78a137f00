using System.Text.RegularExpressions;

namespace Latent.Docs.Tests;

/// <summary>
/// The C# in the pages is the C# of the regions in Snippets.cs, which runs there. A page marks the place with
/// &lt;!-- snippet: name --&gt; and &lt;!-- end --&gt;; UPDATE_SNAPSHOTS=1 ./check fills it in.
/// </summary>
public sealed partial class SnippetTests
{
    private const string Source = "tests/Latent.Docs.Tests/Snippets.cs";

    public static TheoryData<string> PagesWithSnippets => [.. Pages.All.Where(page => Place().IsMatch(Pages.Read(page)))];

    [Theory]
    [MemberData(nameof(PagesWithSnippets))]
    public void A_page_shows_the_code_that_runs(string page)
    {
        var regions = Regions();
        string filled = Place().Replace(Pages.Read(page), match => Fill(regions, match));
        Snapshot.Verify(filled, page);
    }

    [Fact]
    public void The_readme_shows_code() => Assert.Matches(Place(), Pages.Read("README.md"));

    [Fact]
    public void Each_region_is_shown_somewhere()
    {
        string all = string.Concat(Pages.All.Select(Pages.Read));
        Assert.All(Regions().Keys, name => Assert.Contains($"<!-- snippet: {name} -->", all, StringComparison.Ordinal));
    }

    private static string Fill(Dictionary<string, string> regions, Match place)
    {
        string name = place.Groups[1].Value;
        Assert.True(regions.ContainsKey(name), $"There is no region '{name}' in {Source}.");
        return $"<!-- snippet: {name} -->\n```csharp\n{regions[name]}\n```\n<!-- end -->";
    }

    private static Dictionary<string, string> Regions() =>
        Region()
            .Matches(File.ReadAllText(Path.Combine(Repository.Root, Source)).ReplaceLineEndings("\n"))
            .ToDictionary(match => match.Groups[1].Value, match => Outdent(match.Groups[2].Value), StringComparer.Ordinal);

    /// <summary>Code moved to the left margin.</summary>
    private static string Outdent(string code)
    {
        var lines = code.Trim('\n').Split('\n');
        int margin = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > margin ? line[margin..] : "")).TrimEnd();
    }

    [GeneratedRegex(@"^ *#region ([a-z-]+)\n(.*?)^ *#endregion", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Region();

    [GeneratedRegex("<!-- snippet: ([a-z-]+) -->\n.*?<!-- end -->", RegexOptions.Singleline, 1000)]
    private static partial Regex Place();
}
