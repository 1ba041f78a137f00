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
    public static IReadOnlyList<string> Draw(RunFolder run, Autoencoder model, DataSet data, FigureOptions? options = null) =>
        throw new NotSupportedException();
}
