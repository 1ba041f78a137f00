using Latent.Data.Downloads;

namespace Latent.Data;

/// <summary>The data sets of a catalogue in the places of a machine.</summary>
internal sealed class DataSetStore(IReadOnlyList<DataSetInfo> catalogue, DataSetPlaces places, DownloadSettings settings)
{
    private readonly PublishedFiles _published = new(catalogue);

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
            return ReadOwn(folder);
        if (Chosen(info) is { } chosen)
            return ReadOwn(chosen);
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

        DataSet ReadOwn(string folder)
        {
            var data = KnownFolder.Read(info, folder, cancellation);
            if (_published.Unknown(info, folder, cancellation) is { Count: > 0 } unknown)
                options.OnWarning?.Invoke(PublishedFiles.Warning(info, folder, unknown));
            return data;
        }
    }

    /// <summary>The folder that has all files of a data set, null where none has.</summary>
    /// <exception cref="LatentException">The user's own folder is not there, or its folder of the name lacks a file: no other is taken in its place.</exception>
    public string? Find(DataSetInfo info)
    {
        if (Chosen(info) is { } chosen)
        {
            KnownFolder.Require(info, chosen);
            return chosen;
        }
        PutBack(info);
        return ((string[])[places.Program, places.Cache, places.System])
            .Select(place => Path.Combine(place, info.Name))
            .FirstOrDefault(folder => KnownFolder.IsComplete(info, folder));
    }

    /// <summary>Copies a data set from a folder into the cache: all of it or nothing.</summary>
    public DataSetImport Import(DataSetInfo info, string folder, CancellationToken cancellation)
    {
        var data = KnownFolder.Read(info, folder, cancellation);
        bool published = _published.Unknown(info, folder, cancellation).Count == 0;
        string[] paths = KnownFolder.Require(info, folder);
        string target = Cached(info);
        PutBack(info);
        try
        {
            Directory.CreateDirectory(places.Cache);
            using var mine = FileLock.Take(target, () => { }, cancellation);
            string staged = target + ".new",
                old = OldOf(target);
            Remove(staged);
            try
            {
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
            finally
            {
                Remove(staged);
            }
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

    /// <summary>Where the data set lies that an import is about to replace.</summary>
    private static string OldOf(string folder) => folder + ".old";

    /// <summary>The folder of the user's own for a data set; it counts as soon as it is there. Null where there is none.</summary>
    /// <exception cref="LatentException">The variable names no folder.</exception>
    private string? Chosen(DataSetInfo info)
    {
        if (places.Data is not { } own)
            return null;
        if (!Directory.Exists(own))
            throw new LatentException(
                $"The environment variable {DataSetPlaces.DataVariable} names a folder that is not there.",
                "the path of a folder in which data sets lie by name",
                $"'{own}'",
                $"correct the variable or remove it: unset {DataSetPlaces.DataVariable}"
            );
        string chosen = Path.Combine(own, info.Name);
        return Directory.Exists(chosen) ? chosen : null;
    }

    /// <summary>An import that was killed between its two moves left the data set under the name of what is replaced: it is put back.</summary>
    private void PutBack(DataSetInfo info)
    {
        string target = Cached(info);
        if (!IsAway())
            return;
        try
        {
            // an import that is between its two moves just now holds the lock, and is done with them at once
            using var mine = FileLock.Take(target, () => { }, CancellationToken.None);
            if (IsAway())
                Directory.Move(OldOf(target), target);
        }
        catch (Exception e) when (AtomicFile.IsUsersFault(e))
        {
            // a cache that cannot be written: the data set is as good as not there
        }

        bool IsAway() => !Directory.Exists(target) && Directory.Exists(OldOf(target));
    }

    private DataSet Read(DataSetInfo info, string folder, CancellationToken cancellation)
    {
        bool cached = folder == Cached(info);
        try
        {
            var data = KnownFolder.Read(info, folder, cancellation);
            if (cached)
                _published.Unknown(info, folder, cancellation); // files may have been put there by hand
            return data;
        }
        catch (LatentException e) when (info.IsDownloaded && cached)
        {
            throw new LatentException(
                $"The data set '{info.Name}' in the cache cannot be used. {e.Happened}",
                fix: $"remove the folder '{folder}'; the data set is downloaded again when it is next asked for",
                inner: e
            );
        }
    }
}
