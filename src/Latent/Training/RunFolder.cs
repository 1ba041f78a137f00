namespace Latent.Training;

/// <summary>
/// The folder of one training: what it was told, its best model, its history, the state to go on from, and pictures. Each file is written
/// whole under another name and then renamed, so that it is always complete. Holds only paths.
/// </summary>
public sealed class RunFolder
{
    private RunFolder(string path) => Path = path;

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>The best model so far, complete in itself.</summary>
    public string ModelPath => In("model.safetensors");

    /// <summary>One line per epoch: epoch, loss, val_loss, learning_rate, further metrics, seconds.</summary>
    public string HistoryPath => In("history.csv");

    /// <summary>The latest weights, the optimizer's memory and the callbacks': what an exact resume needs.</summary>
    public string StatePath => In("state.safetensors");

    /// <summary>Options, data, versions and results.</summary>
    public string RunJsonPath => In("run.json");

    /// <summary>The folder of the pictures.</summary>
    public string FiguresPath => In("figures");

    /// <summary>One page with pictures, curves and numbers.</summary>
    public string ReportPath => In("report.html");

    /// <summary>A new run folder at a path, which may exist if it is empty.</summary>
    /// <param name="path">The folder; those above it are made too.</param>
    /// <param name="overwrite">Whether a run that lies there is replaced. Another folder with files in it is never touched.</param>
    /// <exception cref="LatentException">Something lies there already, or nothing can be written there.</exception>
    public static RunFolder Create(string path, bool overwrite = false) => throw new NotSupportedException($"{path} {overwrite}");

    /// <summary>A new run folder of a name that is still free: name, name-2, name-3, ….</summary>
    /// <param name="parent">The folder above, "runs" for example.</param>
    /// <param name="name">The name, "mnist-z10" for example.</param>
    /// <exception cref="LatentException">Nothing can be written there.</exception>
    public static RunFolder CreateNext(string parent, string name) => throw new NotSupportedException($"{parent} {name}");

    /// <summary>A run folder that exists.</summary>
    /// <exception cref="LatentException">It does not exist or is no run.</exception>
    public static RunFolder Open(string path) => throw new NotSupportedException(path);

    /// <summary>Whether a folder was written by a training.</summary>
    public static bool IsRun(string path) => File.Exists(System.IO.Path.Combine(path, "run.json"));

    /// <summary>What run.json says.</summary>
    /// <exception cref="LatentException">The file is missing, damaged or of a newer version.</exception>
    public RunInfo ReadInfo() => throw new NotSupportedException(Path);

    /// <summary>Writes run.json.</summary>
    public void WriteInfo(RunInfo info) => throw new NotSupportedException($"{info}");

    /// <summary>The finished epochs.</summary>
    /// <exception cref="LatentException">The file is missing or damaged; the message has the line.</exception>
    public IReadOnlyList<EpochResult> ReadHistory() => throw new NotSupportedException(Path);

    /// <summary>Writes history.csv.</summary>
    public void WriteHistory(IReadOnlyList<EpochResult> history) => throw new NotSupportedException($"{history}");

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
