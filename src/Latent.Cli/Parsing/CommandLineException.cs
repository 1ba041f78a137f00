namespace Latent.Cli.Parsing;

/// <summary>A command line that parses and still cannot be meant: options that exclude each other, for example.</summary>
/// <param name="command">The command's path, "latent train".</param>
/// <param name="problems">All that is wrong, one sentence each.</param>
internal sealed class CommandLineException(string command, IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public string Command { get; } = command;

    public IReadOnlyList<string> Problems { get; } = problems;
}
