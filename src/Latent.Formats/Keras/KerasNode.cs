using System.Text.Json;

namespace Latent.Formats.Keras;

/// <summary>A layer of a Keras model, or a model within it: what the file says, in the order in which the numbers pass.</summary>
internal sealed class KerasNode
{
    public required string Name { get; init; }

    /// <summary>Keras's class.</summary>
    public required string ClassName { get; init; }

    public required JsonElement Config { get; init; }

    /// <summary>The layers of a model; null for a layer.</summary>
    public IReadOnlyList<KerasNode>? Layers { get; init; }

    /// <summary>Whether a training in Keras changes its weights.</summary>
    public bool Trainable => !Config.IsFalse("trainable");

    public bool IsInput => ClassName == "InputLayer";

    /// <summary>The shape of what comes in without the batch, where the file says it; 0 for a size that is left open.</summary>
    public int[]? InputShape { get; init; }

    /// <summary>Indices into the layers of the network that it became.</summary>
    public Range Built { get; set; }

    /// <summary>All layers in it that are no models, itself where it is none.</summary>
    public IEnumerable<KerasNode> Leaves() => Layers is null ? [this] : Layers.SelectMany(layer => layer.Leaves());
}
