namespace Latent.Models;

public sealed partial class Autoencoder
{
    /// <summary>
    /// Writes the model to one file (safetensors) with its description and <see cref="Info"/>: all that using it needs. A file that exists is
    /// replaced at once, when the new one is complete.
    /// </summary>
    /// <param name="path">The file; missing folders are made.</param>
    /// <exception cref="LatentException">The file cannot be written.</exception>
    public void Save(string path) => ModelFile.Save(path, this);

    /// <summary>
    /// Opens a model: a run folder, a file that <see cref="Save"/> wrote, or the bare weights of the article's network
    /// (encoder/conv2d/kernel, …), whose sizes are read from their shapes.
    /// </summary>
    /// <param name="path">The folder or the file.</param>
    /// <exception cref="LatentException">There is no model, or it cannot be used.</exception>
    public static Autoencoder Open(string path) => ModelFile.Open(path);

    /// <summary>A table of the layers of both networks, their output shapes and parameters.</summary>
    public string Summary() => Networks.Summary.Of(Encoder, Decoder);
}
