using Latent.Networks;

namespace Latent.Training;

/// <summary>
/// A look at a model between two epochs of its training: what it makes of a few images that stay the same, and where it puts some more. Those are
/// validation images, spread over all of them. Immutable.
/// </summary>
public sealed record Snapshot
{
    /// <summary>The finished epochs, 0 for the weights that the training began with.</summary>
    public required int Epoch { get; init; }

    /// <summary>
    /// Whether the model is the one that the training ended with. It may be that of an earlier epoch, the best one, and its codes may be
    /// calibrated, which those of the epochs are not.
    /// </summary>
    public bool IsFinal { get; init; }

    /// <summary>Whether the codes are shifted and scaled as <see cref="Calibration"/> does it.</summary>
    public bool Calibrated { get; init; }

    /// <summary>The training loss of the epoch; null before the first, and where the weights are not those of an epoch's end.</summary>
    public double? Loss { get; init; }

    /// <summary>The validation loss of the epoch; null where there is none.</summary>
    public double? ValLoss { get; init; }

    /// <summary>How many numbers a code has.</summary>
    public required int LatentSize { get; init; }

    /// <summary>The codes: count × <see cref="LatentSize"/> numbers.</summary>
    public required ReadOnlyMemory<float> Codes { get; init; }

    /// <summary>Which validation image each code is of.</summary>
    public required IReadOnlyList<int> Indices { get; init; }

    /// <summary>A label for each code, an index into <see cref="LabelNames"/>; empty where there are none.</summary>
    public ReadOnlyMemory<byte> Labels { get; init; }

    /// <summary>The labels' names; empty where there are none.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>The shape of an image.</summary>
    public required Shape ImageShape { get; init; }

    /// <summary>Which validation images are shown: one of each label where there are labels. Empty where the samples are no images.</summary>
    public IReadOnlyList<int> ImageIndices { get; init; } = [];

    /// <summary>These images as they are, height × width × channels bytes each.</summary>
    public ReadOnlyMemory<byte> Images { get; init; }

    /// <summary>What the model makes of them, in the same order.</summary>
    public ReadOnlyMemory<byte> Reconstructions { get; init; }
}
