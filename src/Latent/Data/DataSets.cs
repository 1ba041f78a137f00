namespace Latent.Data;

/// <summary>The data sets known by name, and any folder of IDX files.</summary>
public static class DataSets
{
    private sealed record Entry(string Name, Func<DataSet> Open);

    private static readonly Entry[] s_known =
    [
        new(
            Mnist.Name,
            () =>
            {
                var (train, test) = Mnist.Load();
                return new(Mnist.Name, train, test);
            }
        ),
    ];

    /// <summary>The names that <see cref="Open"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_known.Select(entry => entry.Name)];

    /// <summary>Loads a data set by its name, or else from a folder with the four IDX files of <see cref="Idx.ReadFolder(string)"/>.</summary>
    /// <param name="nameOrFolder">One of <see cref="Names"/> (upper or lower case) or the path of a folder; a name is tried first.</param>
    /// <exception cref="LatentException">There is neither such a name nor such a folder, or its files are not as they should be.</exception>
    public static DataSet Open(string nameOrFolder)
    {
        foreach (var entry in s_known)
            if (string.Equals(entry.Name, nameOrFolder, StringComparison.OrdinalIgnoreCase))
                return entry.Open();
        if (Directory.Exists(nameOrFolder))
            return Idx.ReadFolder(nameOrFolder);
        if (File.Exists(nameOrFolder))
            throw new LatentException(
                $"'{nameOrFolder}' is a file, not a data set.",
                $"a folder with IDX files or one of the names: {string.Join(", ", Names)}",
                "a file",
                "give the folder that it lies in"
            );
        string? nearest = Suggestion.Nearest(nameOrFolder, Names);
        throw new LatentException(
            $"There is no data set '{nameOrFolder}'.",
            $"one of the names ({string.Join(", ", Names)}) or a folder with IDX files",
            $"'{nameOrFolder}'",
            nearest is null ? "check the name, or the path from the folder you are in" : $"did you mean '{nearest}'?"
        );
    }
}
