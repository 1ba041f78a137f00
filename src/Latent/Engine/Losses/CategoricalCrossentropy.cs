using Latent.Networks;

namespace Latent.Engine;

/// <summary>
/// −Σ t · log p over the channels, the mean over the pixels; targets are probabilities, most often one 1 among zeros. As Keras does for
/// probabilities, p is divided by its sum and clipped to [1e-7, 1 − 1e-7]; the gradient outside the clip is zero.
/// </summary>
/// <param name="FromLogits">
/// Whether the outputs are logits, which a softmax makes probabilities of; else they are probabilities, for example of
/// <see cref="Activation.Softmax"/>.
/// </param>
public sealed record CategoricalCrossentropy(bool FromLogits = false) : Loss
{
    /// <inheritdoc/>
    public override string Name => "categorical_crossentropy";

    internal override int Terms(Shape output) => output.Height * output.Width;

    internal override string? Misfit(Shape output) =>
        output.Channels > 1
            ? null
            : $"CategoricalCrossentropy needs outputs with a channel for each class, at least 2; the model gives {output}.";
}
