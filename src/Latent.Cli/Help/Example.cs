namespace Latent.Cli.Help;

/// <summary>A command line to paste, and what it is for.</summary>
internal sealed record Example(string Line, string Purpose);
