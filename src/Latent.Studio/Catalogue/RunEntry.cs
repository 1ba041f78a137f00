using System.Diagnostics;
using Latent.Models;
using Latent.Training;

namespace Latent.Studio.Catalogue;

/// <summary>A run folder or a model file that the studio knows of. Thread-safe; what is read is kept until a file changes.</summary>
/// <param name="id">Its name in addresses.</param>
/// <param name="path">Its full path.</param>
/// <param name="isInFolder">Whether it lies in the folder of runs.</param>
internal sealed class RunEntry(string id, string path, bool isInFolder)
{
    private readonly Lock _lock = new();
    private (FileStamp Info, FileStamp Model, RunSummary Summary)? _known;

    public string Id => id;

    public string Path => path;

    /// <summary>Where the model lies, or will.</summary>
    public string ModelPath => IsFile ? path : In(ModelFile.FileName);

    /// <summary>The run folder; null for a model file, and for a folder that has nothing but a model.</summary>
    public RunFolder? Run => !IsFile && RunFolder.IsRun(path) ? RunFolder.Open(path) : null;

    /// <summary>Whether there still is something.</summary>
    public bool Exists => File.Exists(ModelPath) || (!IsFile && RunFolder.IsRun(path));

    private bool IsFile { get; } = File.Exists(path);

    /// <summary>What the table says of it.</summary>
    public RunSummary Summary()
    {
        var (info, model) = (FileStamp.Of(In("run.json")), FileStamp.Of(ModelPath));
        lock (_lock)
        {
            if (_known is not { } known || known.Info != info || known.Model != model || known.Summary.Status == RunStatus.Running)
                _known = known = (info, model, Read(info, model));
            return known.Summary;
        }
    }

    private RunSummary Read(FileStamp info, FileStamp model)
    {
        var changed = info.Changed > model.Changed ? info.Changed : model.Changed;
        var summary = new RunSummary(id, path, RunStatus.Damaged, changed)
        {
            HasModel = model.Exists,
            CanDelete = isInFolder && RunFolder.IsRun(path) && !IsLink,
        };
        try
        {
            summary = summary with { Size = SizeOf(path) };
            summary = Run is { } run ? OfTraining(summary, run) : summary with { Status = RunStatus.Model };
            return summary.HasModel ? OfModel(summary) : summary;
        }
        catch (Exception e) when (e is LatentException or IOException or UnauthorizedAccessException)
        {
            return summary with { Status = RunStatus.Damaged, Problem = e.Message };
        }
    }

    private static RunSummary OfTraining(RunSummary summary, RunFolder run)
    {
        summary = summary with { HasHistory = File.Exists(run.HistoryPath), HasReport = File.Exists(run.ReportPath) };
        var info = run.ReadInfo();
        return summary with
        {
            Status = StatusOf(info, run),
            Data = info.Data?.Name,
            Latent = info.LatentSize,
            Recipe = info.Recipe,
            ValLoss = info.BestValLoss,
            Epochs = info.Epochs,
            Seconds = info.Seconds,
        };
    }

    /// <summary>Opens the model too: that it can be opened is what the table tells of it.</summary>
    private RunSummary OfModel(RunSummary summary)
    {
        var model = Autoencoder.Open(ModelPath);
        return summary with
        {
            Data = summary.Data ?? model.Info.DataSet,
            Latent = model.LatentSize,
            Recipe = summary.Recipe ?? model.Info.Recipe,
            ValLoss = summary.ValLoss ?? model.Info.ValLoss,
            Epochs = summary.Epochs == 0 ? model.Info.Epoch ?? 0 : summary.Epochs,
        };
    }

    private static RunStatus StatusOf(RunInfo info, RunFolder run) =>
        info.Status switch
        {
            "finished" => RunStatus.Finished,
            "early" => RunStatus.Early,
            "cancelled" => RunStatus.Stopped,
            "diverged" => RunStatus.Diverged,
            _ => IsAlive(info.ProcessId) && File.Exists(System.IO.Path.Combine(run.Path, ".lock"))
                ? RunStatus.Running
                : RunStatus.Interrupted,
        };

    private static bool IsAlive(int? process)
    {
        if (process is not { } id)
            return false;
        try
        {
            using var found = Process.GetProcessById(id);
            return !found.HasExited;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private bool IsLink => new DirectoryInfo(path).LinkTarget is not null;

    private string In(string name) => System.IO.Path.Combine(path, name);

    private static long SizeOf(string path) =>
        File.Exists(path)
            ? new FileInfo(path).Length
            : new DirectoryInfo(path)
                .EnumerateFiles(
                    "*",
                    new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }
                )
                .Sum(file => file.Length);
}
