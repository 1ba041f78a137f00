namespace Latent.Cli.Parsing;

/// <summary>The kind of a file by the ending of its name.</summary>
internal static class Endings
{
    public static bool Is(string? path, string ending) => path is not null && path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses an output whose kind cannot be told, before any work is done.</summary>
    /// <exception cref="CommandLineException">The path has another ending.</exception>
    public static void Check(string command, string? path, params ReadOnlySpan<string> endings)
    {
        if (path is null)
            return;
        foreach (string ending in endings)
            if (Is(path, ending))
                return;
        throw new CommandLineException(
            command,
            [$"--out expects a file ending in {string.Join(" or ", endings.ToArray())}. Received: {path}"]
        );
    }
}
