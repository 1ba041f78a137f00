namespace Latent.Cli.Parsing;

/// <summary>The kind of a file by the ending of its name.</summary>
internal static class Endings
{
    public static bool Is(string? path, string ending) => path is not null && path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses an output whose kind cannot be told, before any work is done.</summary>
    /// <exception cref="CommandLineException">The path has another ending.</exception>
    public static void Check(string command, string option, string? path, params string[] endings)
    {
        if (path is not null && !endings.Any(ending => Is(path, ending)))
            throw new CommandLineException(
                command,
                [$"{option} expects a file ending in {string.Join(" or ", endings)}. Received: {path}"]
            );
    }

    /// <summary>
    /// Refuses the name of a file of another kind where a folder could be meant too: a folder of the name d.jpg is not what anyone wants.
    /// </summary>
    /// <exception cref="CommandLineException">The path ends as a file of another kind does.</exception>
    public static void CheckOrFolder(string command, string option, string? path, params string[] endings)
    {
        if (path is null || !Path.HasExtension(path) || Directory.Exists(path) || endings.Any(ending => Is(path, ending)))
            return;
        throw new CommandLineException(
            command,
            [
                $"{option} expects a file ending in {string.Join(", ", endings[..^1])} or {endings[^1]}, or a folder (with / at the end where its name has a dot). Received: {path}",
            ]
        );
    }
}
