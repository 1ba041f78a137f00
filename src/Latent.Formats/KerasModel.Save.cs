using Latent.Engine;
using Latent.Formats.Keras;
using Latent.Models;

namespace Latent.Formats;

public sealed partial class KerasModel
{
    /// <summary>
    /// Writes a model as Keras 3 does, for its load_model. The autoencoder is as in the article: the encoder's layers, and behind them the
    /// decoder as a model within it. A file that exists is replaced at once, when the new one is complete.
    /// </summary>
    /// <param name="path">A file ending in .keras or .h5.</param>
    /// <param name="model">The model.</param>
    /// <param name="part">All of it, or one of its networks as a model of its own.</param>
    /// <param name="optimizer">
    /// The optimizer and its memory, with which Keras goes on training the autoencoder; null for a model that is not compiled. Of a part it is not
    /// written.
    /// </param>
    /// <param name="loss">The loss that it is trained with; of no effect without an optimizer.</param>
    /// <exception cref="LatentException">The path ends otherwise or cannot be written, or Keras has no such layer or optimizer.</exception>
    public static void Save(
        string path,
        Autoencoder model,
        ModelPart part = ModelPart.Autoencoder,
        OptimizerState? optimizer = null,
        Loss? loss = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        if (optimizer is not null && KerasOptimizers.Write(optimizer.Optimizer) is null)
            throw new LatentException(
                $"The optimizer {optimizer.Optimizer.Name} cannot be written for Keras.",
                "SGD, RMSprop, Adam, AdamW, Nadam or Lion",
                optimizer.Optimizer.Name,
                "leave the optimizer out"
            );
        Write(
            path,
            new()
            {
                Root = part switch
                {
                    ModelPart.Encoder => NewModel.OfNetwork(model.Weights, 0, "encoder"),
                    ModelPart.Decoder => NewModel.OfNetwork(model.Weights, 1, "decoder"),
                    ModelPart.Autoencoder => NewModel.OfAutoencoder(model.Weights, "autoencoder"),
                    _ => throw new ArgumentOutOfRangeException(nameof(part), part, "no part of an autoencoder"),
                },
                Weights = model.Weights,
                Optimizer = part == ModelPart.Autoencoder ? optimizer : null,
                Loss = loss,
            }
        );
    }

    /// <summary>Writes this model as Keras 3 does: one Functional model of all its layers, with the optimizer's memory where there is one.</summary>
    /// <param name="path">A file ending in .keras or .h5.</param>
    /// <exception cref="LatentException">The path ends otherwise, or cannot be written.</exception>
    public void Save(string path) =>
        Write(
            path,
            new()
            {
                Root = NewModel.OfNetwork(Weights, 0, Network.Name),
                Weights = Weights,
                Optimizer = OptimizerState,
                Loss = Loss,
            }
        );

    private static void Write(string path, NewModel model)
    {
        bool archive = path.EndsWith(".keras", StringComparison.OrdinalIgnoreCase);
        if (!archive && !path.EndsWith(".h5", StringComparison.OrdinalIgnoreCase))
            throw new LatentException(
                $"'{path}' is no name of a Keras file.",
                "a file ending in .keras or .h5",
                Path.GetExtension(path) is { Length: > 0 } ending ? ending : "no ending",
                "give the file one of these endings: Keras tells its formats by it"
            );
        AtomicFile.Write(
            path,
            stream =>
            {
                if (archive)
                    KerasWriter.WriteArchive(stream, model);
                else
                    KerasWriter.WriteLegacy(stream, model);
            }
        );
    }
}
