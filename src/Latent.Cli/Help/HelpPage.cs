using System.CommandLine;
using System.CommandLine.Help;
using Latent.Cli.Output;

namespace Latent.Cli.Help;

/// <summary>The help of a command: purpose, usage, arguments, options in their groups, notes, examples.</summary>
internal static class HelpPage
{
    private const int LongestTerm = 30;

    public static void Write(Command command, Terminal terminal) => Write(command, terminal.Output.Writer, terminal.Width);

    public static void Write(Command command, TextWriter writer, int width)
    {
        Paragraph(command.Description ?? "", "");
        writer.WriteLine();
        Paragraph($"Usage: {Usage(command)}", "");
        if (command is RootCommand)
            GettingStarted.Write(writer);
        Section("Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description ?? "")));
        Section("Arguments", command.Arguments.Select(a => (Name(a), a.Description ?? "")));
        foreach (var (title, options) in Groups(command))
            Section(title, options.Where(o => !o.Hidden).Select(o => (Term(o), o.Description ?? "")));
        if (command is RootCommand)
            Section(
                "Exit codes",
                [
                    ($"{ExitCode.Done}", "Done"),
                    ($"{ExitCode.Failed}", "Something went wrong while working; the message says what to do"),
                    ($"{ExitCode.WrongCommandLine}", "The command line is wrong; nothing was done"),
                    ($"{ExitCode.Stopped}", "Stopped by Ctrl-C or a signal; what was finished is kept"),
                ]
            );
        if (command is not LatentCommand latent)
            return;
        if (latent.Notes is { } notes)
        {
            writer.WriteLine();
            Paragraph(notes, "");
        }
        writer.WriteLine();
        writer.WriteLine("Examples");
        foreach (var example in latent.Examples)
        {
            writer.WriteLine($"  {example.Line}");
            Paragraph(example.Purpose, "      ");
        }

        void Section(string title, IEnumerable<(string Term, string Text)> rows)
        {
            var list = rows.ToList();
            if (list.Count == 0)
                return;
            int column = Math.Min(list.Max(row => row.Term.Length), LongestTerm) + 4;
            writer.WriteLine();
            writer.WriteLine(title);
            foreach (var (term, text) in list)
            {
                var lines = Wrapping.Wrap(text, width - column).ToList();
                bool fits = term.Length + 4 <= column;
                writer.WriteLine(fits ? ($"  {term}".PadRight(column) + lines.FirstOrDefault()).TrimEnd() : $"  {term}");
                foreach (string line in lines.Skip(fits ? 1 : 0))
                    writer.WriteLine(new string(' ', column) + line);
            }
        }

        void Paragraph(string text, string indent)
        {
            foreach (string line in Wrapping.Wrap(text, width - indent.Length))
                writer.WriteLine((indent + line).TrimEnd());
        }
    }

    private static IEnumerable<(string Title, IReadOnlyList<Option> Options)> Groups(Command command)
    {
        if (command is LatentCommand latent)
            foreach (var group in latent.Groups)
                yield return group;
        var rest = command.Options.Concat(command is RootCommand ? [] : [new HelpOption { Description = "This page" }]);
        yield return ("Other", [.. rest.Where(o => command is not LatentCommand l || l.Groups.All(g => !g.Options.Contains(o)))]);
    }

    private static string Usage(Command command)
    {
        var words = new List<string>();
        for (Symbol? part = command; part is not null; part = part.Parents.FirstOrDefault())
            words.Insert(0, part is RootCommand ? "latent" : part.Name);
        if (command.Subcommands.Count > 0)
            words.Add(command is LatentCommand ? "[COMMAND]" : "COMMAND"); // it does something by itself too
        words.AddRange(command.Arguments.Select(a => a.Arity.MinimumNumberOfValues == 0 ? $"[{Name(a)}]" : Name(a)));
        words.AddRange(command.Options.Where(o => o.Required).Select(o => $"{o.Name} {o.HelpName}"));
        words.Add("[options]");
        return string.Join(' ', words);
    }

    private static string Name(Argument argument)
    {
        string name = argument.HelpName ?? argument.Name;
        return argument.Arity.MaximumNumberOfValues > 1 ? $"{name}..." : name;
    }

    private static string Term(Option option)
    {
        var names = option
            .Aliases.Where(a => a.StartsWith('-'))
            .Prepend(option.Name)
            .OrderBy(name => name.StartsWith("--", StringComparison.Ordinal));
        string all = string.Join(", ", option is HelpOption ? ["-h", "--help"] : names);
        return option.HelpName is { } value && option.Arity.MaximumNumberOfValues > 0 ? $"{all} {value}" : all;
    }
}
