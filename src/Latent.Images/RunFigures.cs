using Latent.Data;
using Latent.Models;
using Latent.Training;

namespace Latent.Images;

/// <summary>The pictures and the report of a run.</summary>
public static class RunFigures
{
    /// <summary>
    /// Draws all figures of a run into its folder figures/ (examples, reconstructions, loss, latent-scatter and latent-grid, each .png or .svg) and
    /// writes report.html. What is there is replaced.
    /// </summary>
    /// <param name="run">The run; its run.json and history.csv are read where they exist.</param>
    /// <param name="model">The run's best model.</param>
    /// <param name="data">The data set it was trained on, or another of the same shape.</param>
    /// <param name="options">How they are drawn; null for the article's way.</param>
    /// <returns>The paths written, the report last.</returns>
    /// <exception cref="LatentException">The images have another shape than the model's, an option is out of range, or a file cannot be written.</exception>
    public static IReadOnlyList<string> Draw(RunFolder run, Autoencoder model, DataSet data, FigureOptions? options = null)
    {
        options ??= new();
        var info = File.Exists(run.RunJsonPath) ? run.ReadInfo() : null;
        IReadOnlyList<EpochResult> history = File.Exists(run.HistoryPath) ? run.ReadHistory() : [];
        return Draw(run.FiguresPath, run.ReportPath, RunSummary.Of(model, data, info, history, options), options);
    }

    /// <summary>Writes a summary's figures into a folder, and its report.</summary>
    internal static IReadOnlyList<string> Draw(string folder, string reportPath, RunSummary summary, FigureOptions options)
    {
        string ending = options.Format == FigureFormat.Svg ? ".svg" : ".png";
        var paths = new List<string>();
        foreach (var (name, figure) in summary.Figures)
        {
            paths.Add(Path.Combine(folder, name + ending));
            figure.Save(paths[^1]);
        }
        summary.Report.Save(reportPath);
        paths.Add(reportPath);
        return paths;
    }
}
