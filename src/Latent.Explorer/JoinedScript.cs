using System.Text;
using System.Text.RegularExpressions;

namespace Latent.Explorer;

/// <summary>
/// Modules as one: a script for a page from a file, where a browser loads no modules, or a module for a page that should not ask for each.
/// It rests on how they are written: each import is a line "import { … } from './name.js';", each export stands before a declaration, and no
/// name is declared twice.
/// </summary>
internal static partial class JoinedScript
{
    /// <summary>A module and all that it needs, in a function of their own.</summary>
    /// <param name="entry">The module's name.</param>
    /// <param name="statement">What runs in the end, with all their names in reach.</param>
    /// <param name="read">The text of a module by its name.</param>
    /// <returns>A script that may stand in an element of a page: nothing in it ends or comments out the element.</returns>
    public static string Of(string entry, string statement, Func<string, string> read) =>
        Ending().Replace($"(() => {{\n'use strict';\n{Join(entry, read, [])}{statement}\n}})();\n", @"<\");

    /// <summary>A module and all that it needs as one module, which exports what any of them does.</summary>
    /// <param name="entry">The module's name.</param>
    /// <param name="read">The text of a module by its name.</param>
    public static string Module(string entry, Func<string, string> read)
    {
        var exports = new List<string>();
        return $"{Join(entry, read, exports)}\nexport {{ {string.Join(", ", exports)} }};\n";
    }

    /// <summary>The declarations of a module and of all that it needs; the names of those that were exported are added to a list.</summary>
    private static string Join(string entry, Func<string, string> read, List<string> exports)
    {
        var script = new StringBuilder();
        var done = new HashSet<string>(StringComparer.Ordinal);
        Add(entry);
        return script.ToString();

        void Add(string name)
        {
            if (!done.Add(name))
                return;
            string text = read(name);
            foreach (Match import in Import().Matches(text))
                Add(import.Groups["name"].Value);
            exports.AddRange(Exported().Matches(text).Select(export => export.Groups["name"].Value));
            text = Export().Replace(Import().Replace(text, ""), "");
            if (Left().Match(text) is { Success: true } left)
                throw new InvalidOperationException($"'{left.Value}' in {name} is no form of import or export that can be joined.");
            script.Append($"\n// {name}\n{text.Trim()}\n");
        }
    }

    [GeneratedRegex(@"^import \{[^}\n]*\} from '\./(?<name>[\w.-]+)';\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Import();

    [GeneratedRegex(@"^export (?=(async )?function|class|const)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Export();

    [GeneratedRegex(
        @"^export (async )?(function\*?|class|const) (?<name>[\w$]+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Exported();

    /// <summary>What an HTML reader takes for the element's end, or for a comment in which it looks for none.</summary>
    [GeneratedRegex("<(?=/script|!--)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Ending();

    [GeneratedRegex(@"^(import|export)\b.*", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Left();
}
