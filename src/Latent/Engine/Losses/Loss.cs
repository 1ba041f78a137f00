namespace Latent.Engine;

/// <summary>What training makes small: a number per image, the mean over its pixels; a batch's loss is the mean over its images.</summary>
public abstract record Loss
{
    private protected Loss() { }

    /// <summary>The short name: "mse", "bce".</summary>
    public abstract string Name { get; }
}

/// <summary>The mean of the squared differences.</summary>
public sealed record MeanSquaredError : Loss
{
    /// <inheritdoc/>
    public override string Name => "mse";
}

/// <summary>
/// −mean(t · log p + (1 − t) · log(1 − p)) with p clipped to [1e-7, 1 − 1e-7], as Keras does for probabilities. The gradient outside the
/// clip is zero.
/// </summary>
public sealed record BinaryCrossentropy : Loss
{
    /// <inheritdoc/>
    public override string Name => "bce";
}
