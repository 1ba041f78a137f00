namespace Latent.Engine;

/// <summary>What training makes small: a number per image, the mean over its pixels; a batch's loss is the mean over its images.</summary>
public abstract record Loss
{
    private protected Loss() { }

    /// <summary>The losses under their short names, each with its defaults.</summary>
    public static IReadOnlyList<Loss> All { get; } =
    [new MeanSquaredError(), new MeanAbsoluteError(), new BinaryCrossentropy(), new Huber(), new LogCosh()];

    /// <summary>The loss of a short name, with its defaults; null where there is none.</summary>
    internal static Loss? Named(string name) => All.FirstOrDefault(loss => loss.Name == name);

    /// <summary>The short name: "mse", "mae", "bce", "huber", "log_cosh".</summary>
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

/// <summary>The mean of the sizes of the differences.</summary>
public sealed record MeanAbsoluteError : Loss
{
    /// <inheritdoc/>
    public override string Name => "mae";
}

/// <summary>The mean of ½ d² for differences up to <paramref name="Delta"/>, and of delta · |d| − ½ delta² beyond it (Huber, 1964).</summary>
/// <param name="Delta">Where the square ends, above 0.</param>
public sealed record Huber(float Delta = 1) : Loss
{
    /// <inheritdoc/>
    public override string Name => "huber";
}

/// <summary>The mean of log(cosh d): near ½ d² for small differences, near |d| − log 2 for large ones.</summary>
public sealed record LogCosh : Loss
{
    /// <inheritdoc/>
    public override string Name => "log_cosh";
}
