using System.Text.RegularExpressions;

namespace Latent.Docs.Tests;

/// <summary>The Markdown pages of the repository.</summary>
internal static partial class Pages
{
    private static readonly string[] s_skipped = ["bin", "obj", "runs", "node_modules"];

    /// <summary>All pages, as paths from the root with forward slashes, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Under(Repository.Root).Order(StringComparer.Ordinal)];

    public static string Read(string page) => File.ReadAllText(Path.Combine(Repository.Root, page)).ReplaceLineEndings("\n");

    /// <summary>A page without its code: blocks between fences and spans between backticks.</summary>
    public static string Prose(string page) => Span().Replace(Fence().Replace(Read(page), ""), "");

    /// <summary>The anchors that GitHub gives to a page's headings.</summary>
    public static IReadOnlySet<string> Anchors(string page) =>
        Heading()
            .Matches(Fence().Replace(Read(page), ""))
            .Select(match => NotInAnchor().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'))
            .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Under(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*.md"))
            yield return Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');
        foreach (string child in Directory.EnumerateDirectories(folder))
        {
            string name = Path.GetFileName(child);
            if (name.StartsWith('.') || s_skipped.Contains(name, StringComparer.Ordinal))
                continue;
            foreach (string page in Under(child))
                yield return page;
        }
    }

    [GeneratedRegex(@"^(```+|~~~+).*?^\1[ ]*$", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]+`", RegexOptions.None, 1000)]
    private static partial Regex Span();

    [GeneratedRegex(@"^#{1,6} +(.+?) *$", RegexOptions.Multiline, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]", RegexOptions.None, 1000)]
    private static partial Regex NotInAnchor();
}
