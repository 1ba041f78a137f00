using Latent.Data.Downloads;

namespace Latent.Data;

/// <summary>The data sets of a catalogue in the places of a machine.</summary>
internal sealed class DataSetStore(IReadOnlyList<DataSetInfo> catalogue, DataSetPlaces places, DownloadSettings settings)
{
    public DataSetInfo? Known(string name) =>
        catalogue.FirstOrDefault(info => string.Equals(info.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The data set of a name.</summary>
    /// <exception cref="LatentException">There is none.</exception>
    public DataSetInfo Require(string name)
    {
        if (Known(name) is { } info)
            return info;
        string? nearest = Suggestion.Nearest(name, catalogue.Select(known => known.Name));
        throw new LatentException(
            $"There is no data set of the name '{name}'.",
            $"one of {string.Join(", ", catalogue.Select(known => known.Name))}",
            $"'{name}'",
            nearest is null ? null : $"did you mean '{nearest}'?"
        );
    }

    public DataSet Open(DataSetInfo info, DataSetOptions options, CancellationToken cancellation)
    {
        if (options.Folder is { } folder)
            return KnownFolder.Read(info, folder, cancellation);
        if (places.Data is { } own && !Directory.Exists(own))
            throw new LatentException(
                $"The environment variable {DataSetPlaces.DataVariable} names a folder that is not there.",
                "the path of a folder in which data sets lie by name",
                $"'{own}'",
                $"correct the variable or remove it: unset {DataSetPlaces.DataVariable}"
            );
        if (Find(info) is { } place)
            return Read(info, place, cancellation);
        if (!info.IsDownloaded)
            throw Mnist.NotHere(places);
        if (!options.Download)
            throw new LatentException(
                $"The data set '{info.Name}' is not on this machine.",
                $"its files in '{Cached(info)}'",
                "no such files, and downloading was not wanted",
                $"latent datasets get {info.Name}"
            );
        var download = new DataSetDownload(info, Cached(info), settings, places.Mirror, options.Progress);
        Task.Run(() => download.RunAsync(cancellation), CancellationToken.None).GetAwaiter().GetResult();
        return Read(info, Cached(info), cancellation);
    }

    /// <summary>
    /// The folder that has a data set, null where none has. A folder of the user's own counts as soon as it is there, the others when all
    /// files are in them.
    /// </summary>
    public string? Find(DataSetInfo info)
    {
        if (places.Data is { } own && Path.Combine(own, info.Name) is var chosen && Directory.Exists(chosen))
            return chosen;
        return ((string[])[places.Program, places.Cache, places.System])
            .Select(place => Path.Combine(place, info.Name))
            .FirstOrDefault(folder => info.IsDownloaded ? KnownFolder.IsComplete(info, folder) : Directory.Exists(folder));
    }

    /// <summary>Copies a data set from a folder into the cache: all of it or nothing.</summary>
    public DataSetImport Import(DataSetInfo info, string folder, CancellationToken cancellation)
    {
        var data = KnownFolder.Read(info, folder, cancellation);
        bool published = KnownFolder.IsPublished(info, folder);
        string target = Cached(info);
        try
        {
            Directory.CreateDirectory(places.Cache);
            using var mine = FileLock.Take(target + ".lock", () => { }, cancellation);
            string staged = target + ".new",
                old = target + ".old";
            Remove(staged);
            string[] paths = KnownFolder.Require(info, folder);
            for (int i = 0; i < paths.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                bool packed = paths[i].EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
                string name = packed ? info.Files[i].Packed : info.Files[i].Name;
                InputFile.Read(paths[i], file => Copy(file, Path.Combine(staged, name)));
            }
            Remove(old);
            if (Directory.Exists(target))
                Directory.Move(target, old);
            Directory.Move(staged, target);
            Remove(old);
        }
        catch (Exception e) when (AtomicFile.IsUsersFault(e))
        {
            throw DataSetDownload.CacheNotWritable(target, e);
        }
        return new(data, target, published);

        static long Copy(FileStream file, string to)
        {
            AtomicFile.Write(to, file.CopyTo);
            return file.Length;
        }

        static void Remove(string folder)
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Where the cache has a data set, or would have it.</summary>
    public string Cached(DataSetInfo info) => Path.Combine(places.Cache, info.Name);

    private DataSet Read(DataSetInfo info, string folder, CancellationToken cancellation)
    {
        try
        {
            return KnownFolder.Read(info, folder, cancellation);
        }
        catch (LatentException e) when (info.IsDownloaded && folder == Cached(info))
        {
            throw new LatentException(
                $"The data set '{info.Name}' in the cache cannot be used. {e.Message}",
                fix: $"remove the folder '{folder}'; the data set is downloaded again when it is next asked for",
                inner: e
            );
        }
    }
}
