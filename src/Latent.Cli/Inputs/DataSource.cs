using Latent.Cli.Datasets;
using Latent.Cli.Output;
using Latent.Data;

namespace Latent.Cli.Inputs;

/// <summary>Opens the data of a command. What must be downloaded first is shown as it comes, on standard error: the output is the command's.</summary>
internal static class DataSource
{
    /// <summary>For the help: what a data set's name is.</summary>
    public const string Name = "A data set's name (mnist; 'latent datasets' lists all)";

    /// <summary>Opens a data set by name or a folder.</summary>
    /// <exception cref="LatentException">There is no such data, or it is not as it should be, or it cannot be downloaded.</exception>
    /// <exception cref="OperationCanceledException">Stopped by the user while downloading.</exception>
    public static DataSet Open(string nameOrFolder, Terminal terminal)
    {
        if (!MustDownload(nameOrFolder))
            return DataSets.Open(nameOrFolder);
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

    /// <summary>Whether a word is the name of a data set.</summary>
    public static bool IsName(string word) => DataSets.Names.Contains(word, StringComparer.OrdinalIgnoreCase);

    private static bool MustDownload(string nameOrFolder) => IsName(nameOrFolder) && DataSets.Find(nameOrFolder) is null;
}
