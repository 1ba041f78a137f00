namespace Latent.Data;

/// <summary>The data sets known by name, and any folder of IDX files.</summary>
/// <remarks>
/// The folder of a name is looked for in the user's own folder (the environment variable LATENT_DATA), in data beside the program, in latent in
/// the user's cache ($XDG_CACHE_HOME, else ~/.cache), and where Debian's package dataset-fashion-mnist puts it. What is in none of these is
/// downloaded into the cache, first from the address in LATENT_MIRROR where there is one, then from the public mirrors; it is there when all
/// its files are complete and have the published SHA-256, and what came before an interruption is kept. MNIST is not downloaded.
/// </remarks>
public static class DataSets
{
    /// <summary>What is known of each data set that has a name. Tests put made-up ones here.</summary>
    public static IReadOnlyList<DataSetInfo> Known { get; internal set; } = KnownDataSets.All;

    /// <summary>The names that <see cref="Open(string)"/> takes.</summary>
    public static IReadOnlyList<string> Names => [.. Known.Select(info => info.Name)];

    /// <summary>
    /// Loads a data set by its name, or else from a folder with the four IDX files of <see cref="Idx.ReadFolder(string)"/>. A named data set
    /// has the names of its classes as labels, and EMNIST's images, which its files hold column by column, stand upright.
    /// </summary>
    /// <param name="nameOrFolder">One of <see cref="Names"/> (upper or lower case) or the path of a folder; a name is tried first.</param>
    /// <exception cref="LatentException">
    /// There is neither such a name nor such a folder, or its files are not as they should be, or they cannot be downloaded.
    /// </exception>
    public static DataSet Open(string nameOrFolder) => Open(nameOrFolder, new());

    /// <summary><see cref="Open(string)"/>, with a say in where a data set that has a name comes from.</summary>
    /// <param name="nameOrFolder">One of <see cref="Names"/> (upper or lower case) or the path of a folder; a name is tried first.</param>
    /// <param name="options">Where a named data set comes from, and who is told of a download.</param>
    /// <param name="cancellation">Ends a download; what has come is kept, and the next call goes on from there.</param>
    /// <exception cref="LatentException">
    /// There is neither such a name nor such a folder, or its files are not as they should be, or they cannot be downloaded.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static DataSet Open(string nameOrFolder, DataSetOptions options, CancellationToken cancellation = default)
    {
        var store = Store;
        if (store.Known(nameOrFolder) is { } info)
            return store.Open(info, options, cancellation);
        if (options.Folder is { } folder)
            throw new LatentException(
                $"There is no data set of the name '{nameOrFolder}' to read from the folder '{folder}'.",
                $"one of the names {string.Join(", ", Names)}",
                $"'{nameOrFolder}'",
                $"a data set without a name is opened by its folder alone: DataSets.Open(\"{folder}\")"
            );
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

    /// <summary>The folder in which <see cref="Open(string)"/> finds a data set on this machine; null where it is not here.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="LatentException">There is no such name.</exception>
    public static string? Find(string name)
    {
        var store = Store;
        return store.Find(store.Require(name));
    }

    /// <summary>
    /// Reads a data set from a folder and copies it into the user's cache, in place of one that is there. The files may be packed anew, and
    /// have fewer images than the published ones.
    /// </summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="folder">A folder with its four files, as for <see cref="DataSetOptions.Folder"/>.</param>
    /// <param name="cancellation">Ends the copying; the cache is then as it was.</param>
    /// <exception cref="LatentException">There is no such name, the files are not as they should be, or the cache cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static DataSetImport Import(string name, string folder, CancellationToken cancellation = default)
    {
        var store = Store;
        return store.Import(store.Require(name), folder, cancellation);
    }

    private static DataSetStore Store => new(Known, DataSetPlaces.OfTheEnvironment(), new());
}
