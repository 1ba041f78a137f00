using Latent.Data;
using Latent.Models;
using Latent.Training;

namespace Latent.Images;

/// <summary>The pictures and the report of a run.</summary>
public static class RunFigures
{
    private static readonly string[] Names = ["examples", "reconstructions", "loss", "latent-scatter", "latent-grid", "samples"];
    private static readonly string[] Endings = [".png", ".svg"];

    /// <summary>
    /// Draws all figures of a run into its folder figures/ (examples, reconstructions, loss, latent-scatter, latent-grid and samples, each .png or .svg) and
    /// writes report.html. What is there is replaced: a figure of an earlier drawing does not stay beside these, whatever its kind of file.
    /// </summary>
    /// <param name="run">The run; its run.json and history.csv are read where they exist.</param>
    /// <param name="model">The run's best model.</param>
    /// <param name="data">The data set it was trained on, or another of the same shape.</param>
    /// <param name="options">How they are drawn; null for the article's way.</param>
    /// <param name="errors">The mean squared error of each test image, where it is known already; null to measure it.</param>
    /// <returns>The paths written, the report last.</returns>
    /// <exception cref="LatentException">The images have another shape than the model's, an option is out of range, or a file cannot be written.</exception>
    public static IReadOnlyList<string> Draw(
        RunFolder run,
        Autoencoder model,
        DataSet data,
        FigureOptions? options = null,
        double[]? errors = null
    )
    {
        options ??= new();
        var info = File.Exists(run.RunJsonPath) ? run.ReadInfo() : null;
        IReadOnlyList<EpochResult> history = File.Exists(run.HistoryPath) ? run.ReadHistory() : [];
        return Draw(run.FiguresPath, run.ReportPath, RunSummary.Of(model, data, info, history, options, errors), options);
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
        RemoveOthers(folder, paths);
        summary.Report.Save(reportPath);
        paths.Add(reportPath);
        return paths;
    }

    /// <summary>Removes figures that an earlier drawing left: the report would not agree with them.</summary>
    private static void RemoveOthers(string folder, List<string> written)
    {
        var old = Names
            .SelectMany(name => Endings.Select(ending => Path.Combine(folder, name + ending)))
            .Except(written, StringComparer.Ordinal);
        foreach (string path in old)
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new LatentException("An old figure cannot be removed.", $"'{path}' to be a file that may be deleted", e.Message);
            }
        }
    }
}
