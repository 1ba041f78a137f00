using Latent.Engine;

namespace Latent.Models;

/// <summary>What a model file says beside the weights and the description. Every part may be missing.</summary>
public sealed record ModelInfo
{
    /// <summary>The name of the data set it was trained on.</summary>
    public string? DataSet { get; init; }

    /// <summary>The recipe's name.</summary>
    public string? Recipe { get; init; }

    /// <summary>The loss's short name.</summary>
    public string? Loss { get; init; }

    /// <summary>The noise that it was trained to remove; null for none.</summary>
    public InputNoise? Noise { get; init; }

    /// <summary>The loss on the validation images with these weights.</summary>
    public double? ValLoss { get; init; }

    /// <summary>The epoch these weights are from, from 1.</summary>
    public int? Epoch { get; init; }

    /// <summary>The names of the data's labels.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>Whether the code was shifted and scaled after training, so that the training codes lie within about ±4.</summary>
    public bool Calibrated { get; init; }

    /// <summary>How images are scaled and fitted, and which scores are usual, for <see cref="Models.Codec"/>; null for the defaults.</summary>
    public CodecSettings? Codec { get; init; }

    /// <summary>Where the codes of the training images lie, to draw new ones from; null where it was not measured.</summary>
    public CodeDistribution? Codes { get; init; }
}
