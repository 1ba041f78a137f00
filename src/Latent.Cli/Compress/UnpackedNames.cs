namespace Latent.Cli.Compress;

/// <summary>
/// Under which name each image of an archive is unpacked. One that ends with .png keeps its name. Another gets .png for its ending (a.jpg
/// becomes a.png); where something else has that name already, behind its own (a.jpg.png), and then with a number (a.jpg-2.png).
/// </summary>
internal sealed class UnpackedNames
{
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Looks at the names of an archive, before the first is asked for.</summary>
    /// <exception cref="LatentException">Two images have the same name.</exception>
    public void Reserve(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (!_kept.Add(name))
                throw new LatentException(
                    $"The archive has two images of the name '{name}'.",
                    "a name for each",
                    fix: "nothing was written; get the file from someone you trust"
                );
            if (IsPng(name))
                _taken.Add(name);
        }
    }

    /// <summary>The name to write, in the order of the archive.</summary>
    public string Next(string name)
    {
        if (IsPng(name))
            return name;
        string stem = Path.ChangeExtension(name, null);
        string chosen = $"{(Path.GetFileName(stem).Length > 0 ? stem : name)}.png";
        for (int n = 1; !_taken.Add(chosen); n++)
            chosen = n == 1 ? $"{name}.png" : $"{name}-{n}.png";
        return chosen;
    }

    private static bool IsPng(string name) => name.EndsWith(".png", StringComparison.OrdinalIgnoreCase);
}
