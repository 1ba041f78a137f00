using Latent.Cli.Datasets;
using Latent.Cli.Output;
using Latent.Data;
using Latent.Images;
using Latent.Models;
using Latent.Training;

namespace Latent.Cli.Inputs;

/// <summary>Opens the data of a command. What must be downloaded first is shown as it comes, on standard error: the output is the command's.</summary>
internal static class DataSource
{
    /// <summary>For the help: what a data set's name is.</summary>
    public const string Name = "A data set's name (mnist; 'latent datasets' lists all)";

    /// <summary>Opens a data set by name or a folder.</summary>
    /// <param name="nameOrFolder">A name, a folder with IDX files, or a folder of image files.</param>
    /// <param name="terminal">Where a download, warnings and files that are left out are shown.</param>
    /// <param name="reading">How a folder of image files is read.</param>
    /// <exception cref="LatentException">There is no such data, or it is not as it should be, or it cannot be downloaded.</exception>
    /// <exception cref="OperationCanceledException">Stopped by the user while downloading.</exception>
    public static DataSet Open(string nameOrFolder, Terminal terminal, FolderReading? reading = null)
    {
        if (reading is not null && ImageFolder.IsMeant(nameOrFolder))
            return ImageFolder.Open(nameOrFolder, reading, new FolderView(terminal).Options, terminal.Stop);
        if (!MustDownload(nameOrFolder))
            return DataSets.Open(nameOrFolder, new() { OnWarning = message => terminal.Error.Writer.WriteLine($"warning: {message}") });
        IDownloadView view = terminal.Error.Live is { } console ? new LiveDownload(console) : new LineDownload(terminal.Error.Writer);
        terminal.TakeSignals();
        try
        {
            var data = view.Watch(progress => DataSets.Open(nameOrFolder, new() { Progress = progress }, terminal.Stop));
            terminal.Stop.ThrowIfCancellationRequested();
            if (DataSets.Find(nameOrFolder) is { } folder)
                view.Say($"{data.Name}: downloaded and verified, in {Paths.Shown(folder)}");
            return data;
        }
        catch (OperationCanceledException) when (terminal.Stop.IsCancellationRequested)
        {
            view.Say("what has come is kept: the same command goes on from there");
            throw;
        }
        finally
        {
            terminal.LeaveSignals(); // the command may be one that does not look at them
        }
    }

    /// <summary>Opens the data that a run was trained on, or others that were named.</summary>
    /// <param name="path">A run folder; or a model file, which does not know its data.</param>
    /// <param name="other">A name or a folder; null for the run's own data.</param>
    /// <param name="terminal">Where a download and a warning are shown.</param>
    /// <exception cref="LatentException">Nothing says which data, or they cannot be opened.</exception>
    public static DataSet Of(string path, string? other, Terminal terminal)
    {
        bool isFile = File.Exists(path);
        if (other is not null)
            return Open(other, terminal, ImageFolder.IsMeant(other) ? ReadingOf(path, isFile) : null);
        var known =
            (isFile ? null : RunFolder.Open(path).ReadInfo().Data)
            ?? throw new LatentException(
                isFile
                    ? $"The model file '{path}' does not say which data it was trained on."
                    : $"The run '{path}' does not say which data it was trained on.",
                fix: "name it: --data mnist, or --data FOLDER"
            );
        var data = Open(known.Source, terminal, known.Folder);
        if (data.Checksum != known.Checksum)
            terminal.Error.Writer.WriteLine($"warning: '{known.Source}' is not the data that the run was trained on: it has changed since");
        return data;
    }

    /// <summary>How a run or a model reads folders: as it was trained, or to its own size.</summary>
    private static FolderReading ReadingOf(string path, bool isFile)
    {
        if (!isFile && RunFolder.Open(path) is var run && File.Exists(run.RunJsonPath) && run.ReadInfo().Data?.Folder is { } reading)
            return reading;
        var model = ModelArgument.Open(path);
        return new(model.ImageShape) { Fit = model.Info.Codec?.Fit is { } fit and not ImageFit.Refuse ? fit : ImageFit.Crop };
    }

    /// <summary>Whether a word is the name of a data set.</summary>
    public static bool IsName(string word) => DataSets.Names.Contains(word, StringComparer.OrdinalIgnoreCase);

    private static bool MustDownload(string nameOrFolder) => IsName(nameOrFolder) && DataSets.Find(nameOrFolder) is null;
}
