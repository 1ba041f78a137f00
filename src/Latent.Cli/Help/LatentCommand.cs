using System.CommandLine;

namespace Latent.Cli.Help;

/// <summary>A command whose help teaches: options in groups, notes, examples.</summary>
internal abstract class LatentCommand : Command
{
    private readonly List<(string Title, IReadOnlyList<Option> Options)> _groups = [];

    /// <param name="name">What is typed.</param>
    /// <param name="purpose">One sentence.</param>
    /// <param name="terminal">Where it writes.</param>
    protected LatentCommand(string name, string purpose, Terminal terminal)
        : base(name, purpose)
    {
        Terminal = terminal;
        SetAction(Run);
    }

    /// <summary>The options as the help shows them.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> Groups => _groups;

    /// <summary>Two or three, the simplest first.</summary>
    public abstract IReadOnlyList<Example> Examples { get; }

    /// <summary>What a reader of the help should know beside the options; null for nothing.</summary>
    public virtual string? Notes => null;

    protected Terminal Terminal { get; }

    protected abstract int Run(ParseResult parsed);

    /// <summary>Adds options under a heading of the help.</summary>
    protected void Add(string title, params IReadOnlyList<Option> options)
    {
        _groups.Add((title, options));
        foreach (var option in options)
            Options.Add(option);
    }
}
