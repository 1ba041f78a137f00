using System.CommandLine;
using System.CommandLine.Parsing;

namespace Latent.Cli.Parsing;

/// <summary>
/// Finds all that is wrong with a command line and says it in one line each. The parser takes "--lattent" for an argument where a command has
/// arguments, so unknown options are looked for here.
/// </summary>
internal static class WrongCommandLine
{
    public static IReadOnlyList<string> Problems(ParseResult parsed)
    {
        var command = parsed.CommandResult;
        var unknown = Arguments(command).Concat(parsed.UnmatchedTokens).Where(LooksLikeAnOption).Distinct(StringComparer.Ordinal).ToList();
        if (Explicit(parsed))
            unknown = [];
        if (unknown.Count > 0)
            return [.. unknown.Select(name => $"unknown option {name}{DidYouMean(name, OptionNames(command))}"), .. Values(parsed)];
        if (parsed.UnmatchedTokens is [var first, ..])
            return command.Command.Subcommands.Count > 0
                ? [$"unknown command '{first}'{DidYouMean(first, command.Command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}"]
                : [.. parsed.UnmatchedTokens.Select(token => $"one argument too many: '{token}'"), .. Values(parsed)];
        return [.. parsed.Errors.Select(Message)];
    }

    public static int Report(ParseResult parsed, IReadOnlyList<string> problems, Terminal terminal) =>
        Report(new(PathOf(parsed.CommandResult), problems), terminal);

    public static int Report(CommandLineException e, Terminal terminal)
    {
        foreach (string problem in e.Problems)
            Failure.Report(problem, terminal);
        terminal.Error.Writer.WriteLine($"See '{e.Command} --help'.");
        return ExitCode.WrongCommandLine;
    }

    /// <summary>"latent train", whatever the program's file is called.</summary>
    public static string PathOf(CommandResult command)
    {
        var names = new List<string>();
        for (SymbolResult? result = command; result is CommandResult { Command: var c }; result = result.Parent)
            names.Insert(0, c is RootCommand ? "latent" : c.Name);
        return string.Join(' ', names);
    }

    private static IEnumerable<string> Arguments(CommandResult command) =>
        command.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value);

    /// <summary>Whether "--" ended the options: then a name may begin with a dash.</summary>
    private static bool Explicit(ParseResult parsed) => parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash);

    private static bool LooksLikeAnOption(string token) =>
        token.Length > 1 && token[0] == '-' && !char.IsDigit(token[1]) && token[1] != '.' && token[1] != '∞';

    private static IEnumerable<string> OptionNames(CommandResult command) =>
        command.Command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name)).Append("--help");

    private static IEnumerable<string> Values(ParseResult parsed) =>
        parsed.Errors.Where(error => error.SymbolResult is OptionResult).Select(Message);

    private static string Message(ParseError error) =>
        error.SymbolResult switch
        {
            ArgumentResult { Tokens.Count: 0, Argument: var argument } => $"the argument {argument.HelpName ?? argument.Name} is missing",
            OptionResult { IdentifierToken: null, Option: var option } => $"the option {option.Name} is missing",
            OptionResult { Tokens.Count: 0, Option: var option } => $"{option.Name} needs a value",
            OptionResult { Tokens.Count: > 1, Option: { Arity.MaximumNumberOfValues: 1 } option } =>
                $"{option.Name} is given more than once",
            CommandResult { Command.Subcommands.Count: > 0 } => "a command is missing",
            _ => error.Message.TrimEnd('.'),
        };

    /// <summary>" Did you mean …?" where a name is near, with the full stop before it; else nothing.</summary>
    public static string DidYouMean(string name, IEnumerable<string> names) =>
        Suggestion.Nearest(name, names) is { } nearest ? $". Did you mean {nearest}?" : "";
}
