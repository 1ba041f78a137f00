using System.CommandLine;
using Latent.Formats;
using Latent.Models;

namespace Latent.Cli.Inputs;

/// <summary>The argument of the commands that use a model.</summary>
internal static class ModelArgument
{
    public static Argument<string> Create(string name = "RUN") =>
        new(name) { Description = "A run folder, or a model file alone: model.safetensors, or Keras's .keras or .h5" };

    /// <summary>Opens a run folder or a model file, of Keras too.</summary>
    /// <exception cref="LatentException">There is no model, or it cannot be used, or a file of Keras has no code to split it at.</exception>
    public static Autoencoder Open(string path) =>
        KerasModel.IsKeras(path) ? KerasModel.Open(path).ToAutoencoder() : Autoencoder.Open(path);
}
