using System.CommandLine;

namespace Latent.Cli.Parsing;

/// <summary>A yes or no with a name for each: --shuffle and --no-shuffle. Where both are given the last counts; where none is, the recipe decides.</summary>
internal sealed class Toggle : Option<bool>
{
    private readonly string _no;

    /// <param name="name">Without dashes.</param>
    /// <param name="help">What "yes" means.</param>
    /// <param name="fallback">What the help says of the default.</param>
    public Toggle(string name, string help, string fallback)
        : base($"--{name}", $"--no-{name}")
    {
        _no = $"--no-{name}";
        Description = $"{help} (default {fallback})";
        Arity = ArgumentArity.Zero;
    }

    /// <summary>What was asked for; null where nothing was.</summary>
    public bool? In(ParseResult parsed) =>
        parsed.Tokens.LastOrDefault(t => t.Value == Name || t.Value == _no)?.Value is { } token ? token == Name : null;
}
