namespace Latent.Cli.Output;

/// <summary>Paths as they are shown and pasted.</summary>
internal static class Paths
{
    /// <summary>From the current folder where it lies below it, else in full.</summary>
    public static string Shown(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFullPath(path) : relative;
    }

    /// <summary>As a word of a command line to paste.</summary>
    public static string Quoted(string path)
    {
        string shown = Shown(path);
        return shown.All(c => char.IsLetterOrDigit(c) || c is '/' or '\\' or '.' or '-' or '_' or ':')
            ? shown
            : $"'{shown.Replace("'", "'\\''")}'";
    }
}
