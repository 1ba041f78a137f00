using Latent.Models;
using Latent.Training;

namespace Latent.Studio.Catalogue;

/// <summary>
/// The runs that the studio knows: those in the folder of runs and those that it was given. An address names a run by a word, which is looked
/// up here and never becomes part of a path. Thread-safe.
/// </summary>
internal sealed class RunCatalogue
{
    private readonly Lock _lock = new();
    private readonly List<RunEntry> _entries = [];
    private readonly RunEntry? _first;
    private readonly OpenRuns _open = new();

    /// <param name="folder">The folder of runs, which may not exist yet.</param>
    /// <param name="given">Run folders and model files.</param>
    /// <exception cref="LatentException">One of the given is not there, or neither a run nor a model.</exception>
    public RunCatalogue(string folder, IReadOnlyList<string> given)
    {
        Folder = FullPath(folder);
        if (File.Exists(Folder))
            throw new LatentException($"'{folder}' is a file.", "the folder of runs", "a file", "latent studio --runs FOLDER");
        foreach (string path in given)
        {
            string full = FullPath(path);
            if (!File.Exists(full) && !IsRunOrModel(full))
                RunFolder.Open(path); // its message says what is there instead
            _first ??= Entry(full);
            Entry(full);
        }
    }

    /// <summary>The folder of runs.</summary>
    public string Folder { get; }

    /// <summary>All runs, the one that was written to last first.</summary>
    public IReadOnlyList<RunSummary> List()
    {
        RunEntry[] entries;
        lock (_lock)
        {
            Scan();
            entries = [.. _entries];
        }
        return
        [
            .. entries.Select(entry => entry.Summary()).OrderByDescending(run => run.Changed).ThenBy(run => run.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>The run to open where none is asked for: the first that was given, else the newest with a model; null where there is none.</summary>
    public RunSummary? First()
    {
        if (_first is { Exists: true })
            return _first.Summary();
        var all = List();
        return all.FirstOrDefault(run => run is { HasModel: true, Problem: null }) ?? (all.Count > 0 ? all[0] : null);
    }

    /// <summary>A run by its name in addresses; null where there is no such run.</summary>
    public RunEntry? Find(string id)
    {
        lock (_lock)
        {
            if (Known(id) is { } known)
                return known.Exists ? known : null;
            Scan(); // it may be new
            return Known(id);
        }
    }

    /// <summary>A run by its name in addresses.</summary>
    /// <exception cref="LatentException">There is no such run.</exception>
    public RunEntry Require(string id) =>
        Find(id)
        ?? throw new LatentException(
            $"There is no run '{id}'.",
            "the name of a run in the table",
            fix: "choose one in the table of runs: it may have been deleted or renamed"
        );

    /// <summary>A run's model with the codes of its images, read when first asked for and again when its file has changed.</summary>
    /// <exception cref="LatentException">There is no such run, or its model cannot be used.</exception>
    public OpenRun Open(string id) => _open.Of(Require(id));

    /// <summary>The losses of a run's epochs.</summary>
    /// <exception cref="LatentException">There is no such run, or its history cannot be read.</exception>
    public IReadOnlyList<EpochResult> History(string id) => Require(id).Run?.ReadHistory() ?? [];

    /// <summary>Deletes a run of the folder of runs from the disk.</summary>
    /// <exception cref="LatentException">It is none, a training writes to it, or it cannot be deleted.</exception>
    public void Delete(string id)
    {
        var entry = Require(id);
        if (!entry.Summary().CanDelete || entry.Run is not { } run)
            throw new LatentException(
                $"'{id}' is not deleted.",
                $"a run that a training wrote into '{Folder}'",
                entry.Path,
                "delete it yourself, where it lies"
            );
        run.Delete();
        _open.Forget(entry);
        lock (_lock)
            _entries.Remove(entry);
    }

    private RunEntry? Known(string id) => _entries.Find(entry => entry.Id == id);

    /// <summary>Looks what came to the folder of runs, and forgets what went.</summary>
    private void Scan()
    {
        _entries.RemoveAll(entry => !entry.Exists);
        if (!Directory.Exists(Folder))
            return;
        try
        {
            foreach (string path in Directory.EnumerateDirectories(Folder).Where(IsRunOrModel).Order(StringComparer.Ordinal))
                Entry(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // what cannot be listed has no runs to show
        }
    }

    private RunEntry Entry(string path)
    {
        if (_entries.Find(entry => entry.Path == path) is { } known)
            return known;
        var made = new RunEntry(FreeId(path), path, Path.GetDirectoryName(path) == Folder && Directory.Exists(path));
        _entries.Add(made);
        return made;
    }

    private string FreeId(string path)
    {
        string name = File.Exists(path)
            ? Path.GetFileName(path) == ModelFile.FileName
                ? Path.GetFileName(Path.GetDirectoryName(path)!)
                : Path.GetFileNameWithoutExtension(path)
            : Path.GetFileName(path);
        name = name.Length == 0 ? "run" : name;
        string id = name;
        for (int i = 2; Known(id) is not null; i++)
            id = $"{name}-{i}";
        return id;
    }

    private static bool IsRunOrModel(string path) => RunFolder.IsRun(path) || File.Exists(Path.Combine(path, ModelFile.FileName));

    private static string FullPath(string path)
    {
        try
        {
            return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or IOException)
        {
            throw new LatentException($"'{path}' is no path.", "the path of a run folder or a model file", inner: e);
        }
    }
}
