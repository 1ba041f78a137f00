using Latent.Models;

namespace Latent.Training;

/// <summary>
/// The folder of one training: what it was told, its best model, its history, the state to go on from, and pictures. Each file is written
/// whole under another name and then renamed, so that it is always complete. Holds only paths.
/// </summary>
public sealed class RunFolder
{
    private const string RunJson = "run.json",
        StateFile = "state.safetensors";

    private RunFolder(string path) => Path = System.IO.Path.GetFullPath(path);

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>The best model so far, complete in itself.</summary>
    public string ModelPath => In(ModelFile.FileName);

    /// <summary>One line per epoch: epoch, loss, val_loss, learning_rate, further metrics, seconds.</summary>
    public string HistoryPath => In("history.csv");

    /// <summary>The latest weights, the optimizer's memory and the callbacks': what an exact resume needs.</summary>
    public string StatePath => In(StateFile);

    /// <summary>Options, data, versions and results.</summary>
    public string RunJsonPath => In(RunJson);

    /// <summary>The loss of every step, where that was asked for.</summary>
    public string StepsPath => In("steps.csv");

    /// <summary>Looks at the model after each epoch, where they are kept; see <see cref="SnapshotFolder"/>.</summary>
    public string SnapshotsPath => In("snapshots");

    /// <summary>The folder of the pictures.</summary>
    public string FiguresPath => In("figures");

    /// <summary>One page with pictures, curves and numbers.</summary>
    public string ReportPath => In("report.html");

    /// <summary>
    /// A new run folder at a path, which may exist if it is empty. It is written to at once, so that a training does not start that could not
    /// be saved.
    /// </summary>
    /// <param name="path">The folder; those above it are made too.</param>
    /// <param name="overwrite">Whether a run that lies there is replaced. Another folder with files in it is never touched.</param>
    /// <exception cref="LatentException">Something lies there already, another training writes there, or nothing can be written there.</exception>
    public static RunFolder Create(string path, bool overwrite = false)
    {
        RunFolder run;
        try
        {
            run = new(path);
            if (File.Exists(run.Path))
                throw new LatentException(
                    $"'{path}' is a file.",
                    "the path of a new folder",
                    "a file",
                    "choose another folder for the run"
                );
            bool isRun = IsRun(run.Path);
            if (!isRun && Directory.Exists(run.Path) && Files(run.Path).Any())
                throw new LatentException(
                    $"The folder '{path}' has other files in it.",
                    "a new or an empty folder",
                    Names(run.Path),
                    $"choose a folder inside it: {WordOf(System.IO.Path.Combine(path, "run"))}"
                );
            if (isRun && !overwrite)
                throw new LatentException(
                    $"The folder '{path}' holds a run already.",
                    "a new or an empty folder",
                    Names(run.Path),
                    $"choose another folder ({WordOf(path.TrimEnd('/', '\\') + "-2")}), go on with this run (--resume), or replace it: --overwrite, in code overwrite: true"
                );
            run.Make();
            using (RunLock.Take(run)) // also tries whether the folder can be written
                run.Clear();
        }
        catch (Exception e) when (IsFileError(e) || (e is LatentException { InnerException: not null }))
        {
            throw CannotBeWritten(path, e);
        }
        return run;
    }

    /// <summary>A new run folder of a name that is still free: name, name-2, name-3, ….</summary>
    /// <param name="parent">The folder above, "runs" for example.</param>
    /// <param name="name">The name, "mnist-z10" for example.</param>
    /// <exception cref="LatentException">Nothing can be written there.</exception>
    public static RunFolder CreateNext(string parent, string name)
    {
        for (int i = 1; ; i++)
        {
            string path = System.IO.Path.Combine(parent, i == 1 ? name : $"{name}-{i}");
            if (!System.IO.Path.Exists(path)) // an empty folder may be another training that is just starting
                return Create(path);
        }
    }

    /// <summary>A run folder that exists.</summary>
    /// <exception cref="LatentException">It does not exist or is no run.</exception>
    public static RunFolder Open(string path)
    {
        if (!Directory.Exists(path))
            throw new LatentException(
                $"There is no run folder '{path}'.",
                "a folder that a training wrote",
                File.Exists(path) ? "a file" : "nothing",
                "check the path from the folder you are in, or train first: latent train mnist"
            );
        return IsRun(path)
            ? new(path)
            : throw new LatentException(
                $"'{path}' is no run folder.",
                $"a folder with {RunJson} in it, as a training writes it",
                Names(path),
                "check the path, or train first: latent train mnist"
            );
    }

    /// <summary>Whether a folder was written by a training.</summary>
    public static bool IsRun(string path) =>
        File.Exists(System.IO.Path.Combine(path, RunJson)) || File.Exists(System.IO.Path.Combine(path, StateFile));

    /// <summary>What run.json says.</summary>
    /// <exception cref="LatentException">The file is missing, damaged or of a newer version.</exception>
    public RunInfo ReadInfo() => RunInfoJson.Read(RunJsonPath, ReadText(RunJsonPath));

    /// <summary>Writes run.json.</summary>
    /// <exception cref="LatentException">The file cannot be written.</exception>
    public void WriteInfo(RunInfo info) => AtomicFile.WriteText(RunJsonPath, RunInfoJson.Write(info));

    /// <summary>Writes other settings into the run's model, a threshold for example; see <see cref="ModelFile.SaveSettings"/>.</summary>
    /// <param name="settings">What is written.</param>
    /// <exception cref="LatentException">A training writes to the run, it has no model, or this cannot be written.</exception>
    public void SaveSettings(CodecSettings settings)
    {
        using (RunLock.Take(this))
            ModelFile.SaveSettings(Path, settings);
    }

    /// <summary>The finished epochs.</summary>
    /// <exception cref="LatentException">The file is missing or damaged; the message has the line.</exception>
    public IReadOnlyList<EpochResult> ReadHistory() => HistoryFile.Read(HistoryPath, ReadText(HistoryPath));

    /// <summary>Writes history.csv.</summary>
    /// <exception cref="LatentException">The file cannot be written.</exception>
    public void WriteHistory(IReadOnlyList<EpochResult> history) => AtomicFile.WriteText(HistoryPath, HistoryFile.Write(history));

    /// <summary>
    /// Deletes the run from the disk: all that a training writes, and the folder with it where nothing else lies there. Files of others stay.
    /// </summary>
    /// <exception cref="LatentException">A training writes to it, or a file cannot be deleted.</exception>
    public void Delete()
    {
        try
        {
            using (RunLock.Take(this))
                Clear();
            if (!Directory.EnumerateFileSystemEntries(Path).Any())
                Directory.Delete(Path);
        }
        catch (Exception e) when (IsFileError(e))
        {
            throw new LatentException(
                $"The run '{Path}' cannot be deleted.",
                "a folder that you may write to",
                e.Message,
                "make it writable, or delete it by hand",
                e
            );
        }
    }

    /// <summary>The path as a word of a command line to paste.</summary>
    internal string Word => WordOf(Path);

    /// <summary>A text as a word of a command line to paste.</summary>
    internal static string WordOf(string text) =>
        text.All(c => char.IsLetterOrDigit(c) || c is '/' or '\\' or '.' or '-' or '_' or ':') ? text : $"'{text.Replace("'", "'\\''")}'";

    private string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes the folder, with those above it.</summary>
    /// <exception cref="LatentException">It cannot be made.</exception>
    internal void Make()
    {
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (IsFileError(e))
        {
            throw CannotBeWritten(Path, e);
        }
    }

    /// <summary>Removes files that a killed process was still writing.</summary>
    internal void RemoveLeftovers()
    {
        foreach (string folder in (ReadOnlySpan<string>)[Path, FiguresPath, SnapshotsPath])
            if (Directory.Exists(folder))
                foreach (string file in Directory.EnumerateFiles(folder).Where(AtomicFile.IsTemporary))
                    File.Delete(file);
    }

    internal static LatentException CannotBeWritten(string path, Exception e) =>
        new(
            $"The run folder '{path}' cannot be written.",
            "a path on a disk with room, in a folder that you may write to",
            (e.InnerException ?? e).Message,
            "make room or the folder writable, or choose another folder for the run",
            e
        );

    /// <summary>Removes what a training writes, and nothing else. The run goes last: until then the folder is known as one.</summary>
    private void Clear()
    {
        RemoveLeftovers();
        foreach (string folder in (ReadOnlySpan<string>)[FiguresPath, SnapshotsPath])
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        foreach (string file in (ReadOnlySpan<string>)[ReportPath, StepsPath, ModelPath, HistoryPath, StatePath, RunJsonPath])
            File.Delete(file);
    }

    /// <summary>What lies in a folder, without what a process that was killed at its start leaves behind.</summary>
    private static IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateFileSystemEntries(folder)
            .Where(path => System.IO.Path.GetFileName(path) != RunLock.FileName && !AtomicFile.IsTemporary(path));

    private static string Names(string folder)
    {
        string[] names = [.. Files(folder).Select(p => System.IO.Path.GetFileName(p)).Order(StringComparer.Ordinal)];
        return names.Length switch
        {
            0 => "an empty folder",
            <= 4 => string.Join(", ", names),
            _ => $"{string.Join(", ", names.Take(3))} and {names.Length - 3} more",
        };
    }

    /// <summary>What the file system refuses, and paths that are none.</summary>
    private static bool IsFileError(Exception e) => AtomicFile.IsUsersFault(e) || e is ArgumentException or NotSupportedException;

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (IsFileError(e))
        {
            throw new LatentException(
                $"'{path}' cannot be read.",
                "a run folder whose training has begun",
                e is FileNotFoundException ? "no such file" : e.Message,
                inner: e
            );
        }
    }
}
