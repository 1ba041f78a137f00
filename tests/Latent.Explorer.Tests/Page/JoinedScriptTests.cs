using System.Text.RegularExpressions;

namespace Latent.Explorer.Tests.Page;

public sealed partial class JoinedScriptTests
{
    private static readonly string s_page = JoinedScript.Of("page.js", "startPage();", ExplorerAssets.Text);

    public static TheoryData<string> Modules => [.. ExplorerAssets.Names.Where(name => name.EndsWith(".js", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Modules))]
    public void Every_module_is_in_the_page(string name) => Assert.Contains($"\n// {name}\n", s_page, StringComparison.Ordinal);

    [Fact]
    public void Nothing_is_left_of_imports_and_exports() => Assert.DoesNotMatch(Line(), s_page);

    [Fact]
    public void A_module_stands_behind_those_it_needs()
    {
        foreach (string name in Modules.Select(row => row.Data))
        {
            int place = s_page.IndexOf($"\n// {name}\n", StringComparison.Ordinal);
            foreach (Match import in From().Matches(ExplorerAssets.Text(name)))
                Assert.True(
                    s_page.IndexOf($"\n// {import.Groups["name"].Value}\n", StringComparison.Ordinal) < place,
                    $"{name}: {import.Value}"
                );
        }
    }

    /// <summary>They share one scope in the page.</summary>
    [Fact]
    public void No_two_modules_declare_the_same_name()
    {
        var twice = Modules
            .SelectMany(row =>
                Declaration().Matches(ExplorerAssets.Text(row.Data)).Select(match => (Name: match.Groups["name"].Value, row.Data))
            )
            .GroupBy(declared => declared.Name, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(declared => declared.Data))}");
        Assert.Empty(twice);
    }

    [Fact]
    public void One_module_exports_what_each_did()
    {
        string joined = JoinedScript.Module(
            "a.js",
            name => name == "a.js" ? "import { b } from './b.js';\nexport const a = b;\n" : "export function b() {}\nexport class C {}\n"
        );
        Assert.Equal("\n// b.js\nfunction b() {}\nclass C {}\n\n// a.js\nconst a = b;\n\nexport { b, C, a };\n", joined);
    }

    [Fact]
    public void What_cannot_be_joined_is_a_fault()
    {
        foreach (string text in (string[])["export default 1;\n", "import './b.js';\n", "export { a };\n", "import a from './a.js';\n"])
            Assert.Throws<InvalidOperationException>(() => JoinedScript.Of("a.js", "", _ => text));
    }

    [Fact]
    public void A_script_does_not_end_its_element() =>
        Assert.DoesNotContain(
            "</script",
            JoinedScript.Of("a.js", "", _ => "const end = '</script>';\n"),
            StringComparison.OrdinalIgnoreCase
        );

    [GeneratedRegex(@"^\s*(import|export)\b", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();

    [GeneratedRegex(@"from '\./(?<name>[\w.-]+)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex From();

    [GeneratedRegex(
        @"^(export )?(async )?(function\*?|class|const|let|var) (?<name>[\w$]+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Declaration();
}
