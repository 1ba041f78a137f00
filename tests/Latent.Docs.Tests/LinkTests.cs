using System.Text.RegularExpressions;

namespace Latent.Docs.Tests;

/// <summary>Each link from a page into the repository leads to a file, and to a heading where it names one.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Names => [.. Pages.All];

    [Theory]
    [MemberData(nameof(Names))]
    public void Links_lead_somewhere(string page)
    {
        var broken = Link().Matches(Pages.Prose(page)).Select(match => match.Groups[1].Value).Where(link => !Leads(page, link));
        Assert.True(!broken.Any(), $"{page} has links that lead nowhere: {string.Join(", ", broken)}");
    }

    [Theory]
    [InlineData("README.md", true)]
    [InlineData("./README.md", true)]
    [InlineData("docs", true)]
    [InlineData("https://example.org/anything", true)]
    [InlineData("docs/no-such-page.md", false)]
    [InlineData("README.md#no-such-heading", false)]
    [InlineData("#no-such-heading", false)]
    public void A_broken_link_is_seen(string link, bool leads) => Assert.Equal(leads, Leads("README.md", link));

    private static bool Leads(string page, string link)
    {
        if (link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal))
            return true;
        var parts = link.Split('#', 2);
        string path = parts[0].Length == 0 ? page : Relative(page, Uri.UnescapeDataString(parts[0]));
        string full = Path.Combine(Repository.Root, path);
        if (!File.Exists(full) && !Directory.Exists(full))
            return false;
        return parts.Length == 1 || !path.EndsWith(".md", StringComparison.Ordinal) || Pages.Anchors(path).Contains(parts[1]);
    }

    private static string Relative(string page, string target)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        return Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(folder, target))).Replace('\\', '/');
    }

    [GeneratedRegex("""\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)""", RegexOptions.None, 1000)]
    private static partial Regex Link();
}
