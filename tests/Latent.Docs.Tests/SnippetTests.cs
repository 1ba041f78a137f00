namespace Latent.Docs.Tests;

/// <summary>
/// The C# in the pages is the C# of the regions in Snippets.cs, which runs there. A page marks the place with
/// &lt;!-- snippet: name --&gt; and &lt;!-- end --&gt;; UPDATE_SNAPSHOTS=1 ./check fills it in. Between &lt;!-- parts --&gt; and the end is
/// the table of all parts.
/// </summary>
public sealed class SnippetTests
{
    private const string Source = "tests/Latent.Docs.Tests/Snippets.cs";
    private const string Opening = "<!-- snippet: ";
    private const string Parts = "<!-- parts -->";
    private const string Closing = "<!-- end -->";

    public static TheoryData<string> PagesWithSnippets => [.. Pages.All.Where(page => Places(page).Any())];

    [Theory]
    [MemberData(nameof(PagesWithSnippets))]
    public void A_page_shows_the_code_that_runs(string page) => Snapshot.Verify(string.Join('\n', Filled(page, Regions())), page);

    [Fact]
    public void The_readme_shows_code() => Assert.Contains("quick-start", Places("README.md"));

    [Fact]
    public void The_readme_has_the_parts() => Assert.Contains(Parts, Pages.Read("README.md").Split('\n'));

    [Fact]
    public void Each_region_is_shown_somewhere()
    {
        var shown = Pages.All.SelectMany(Places).ToHashSet(StringComparer.Ordinal);
        Assert.All(Regions().Keys, name => Assert.Contains(name, shown));
    }

    /// <summary>The names of the regions that a page shows.</summary>
    private static IEnumerable<string> Places(string page) => Pages.Read(page).Split('\n').Where(IsOpening).Select(NameOf);

    private static bool IsOpening(string line) => line.StartsWith(Opening, StringComparison.Ordinal);

    private static string NameOf(string line) => line[Opening.Length..].Replace("-->", "").Trim();

    /// <summary>The lines of a page, with the code of today between the marks.</summary>
    private static IEnumerable<string> Filled(string page, Dictionary<string, List<string>> regions)
    {
        string? open = null;
        foreach (string line in Pages.Read(page).Split('\n'))
        {
            if (IsOpening(line))
            {
                Assert.True(open is null, $"{page}: the place of '{open}' has no {Closing}");
                open = NameOf(line);
                Assert.True(regions.ContainsKey(open), $"{page} shows '{open}', and {Source} has no region of this name.");
                string[] code = [line, "```csharp", .. regions[open], "```", Closing];
                foreach (string shown in code)
                    yield return shown;
            }
            else if (line == Parts)
            {
                open = line;
                yield return $"{line}\n{PartTables.Overview()}\n{Closing}";
            }
            else if (open is null)
                yield return line;
            else if (line == Closing)
                open = null;
        }
        Assert.True(open is null, $"{page}: the place of '{open}' has no {Closing}");
    }

    /// <summary>The lines between #region and #endregion by the region's name, moved to the left margin.</summary>
    private static Dictionary<string, List<string>> Regions()
    {
        var regions = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        (List<string>? current, int margin) = (null, 0);
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, Source)))
        {
            string text = line.TrimStart();
            if (text.StartsWith("#region ", StringComparison.Ordinal))
            {
                regions.Add(text["#region ".Length..], current = []);
                margin = line.Length - text.Length;
            }
            else if (text == "#endregion")
                current = null;
            else
                current?.Add(text.Length == 0 ? "" : line[margin..]);
        }
        return regions;
    }
}
