using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine;

/// <summary>
/// What training makes small: a number per image, the mean over its numbers; a batch's loss is the mean over its images. Penalties of layers
/// are added to it.
/// </summary>
public abstract record Loss
{
    private protected Loss() { } // a loss of one's own is a CustomLoss

    /// <summary>The losses under their short names, each with its defaults.</summary>
    public static IReadOnlyList<Loss> All { get; } =
    [new MeanSquaredError(), new MeanAbsoluteError(), new BinaryCrossentropy(), new Huber(), new LogCosh(), new CategoricalCrossentropy()];

    /// <summary>The loss of a short name, with its defaults; null where there is none.</summary>
    internal static Loss? Named(string name) => All.FirstOrDefault(loss => loss.Name == name);

    /// <summary>The short name: "mse", "mae", "bce", "huber", "log_cosh", "categorical_crossentropy", or that of a loss of one's own.</summary>
    public abstract string Name { get; }

    /// <summary>The loss of one output.</summary>
    /// <param name="output">What the model gave: height × width × channels numbers.</param>
    /// <param name="target">What it should have given, as many.</param>
    /// <param name="shape">The shape of both.</param>
    /// <param name="gradient">Receives the gradient for the output; empty where it is not wanted.</param>
    /// <exception cref="LatentException">A length does not fit the shape.</exception>
    public unsafe double Of(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Shape shape, Span<float> gradient = default)
    {
        if (output.Length != shape.Size || target.Length != shape.Size || (gradient.Length != shape.Size && !gradient.IsEmpty))
            throw new LatentException(
                "The numbers do not fit the shape.",
                $"{shape.Size} for each of output, target and gradient",
                $"{output.Length}, {target.Length} and {gradient.Length}"
            );
        fixed (float* y = output)
        fixed (float* t = target)
        fixed (float* g = gradient)
            return Kernels.Losses.Sum(this, y, t, g, 1f / Terms(shape), shape) / Terms(shape);
    }

    /// <summary>Of how many terms the loss of one output is the mean.</summary>
    internal virtual int Terms(Shape output) => output.Size;

    /// <summary>What is wrong with its options.</summary>
    internal virtual void Check(OptionChecks checks) { }

    /// <summary>Why it cannot be that of a model with such outputs; null where it can.</summary>
    internal virtual string? Misfit(Shape output) => null;
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

    internal override void Check(OptionChecks checks) => checks.Positive("Delta", Delta);
}

/// <summary>The mean of log(cosh d): near ½ d² for small differences, near |d| − log 2 for large ones.</summary>
public sealed record LogCosh : Loss
{
    /// <inheritdoc/>
    public override string Name => "log_cosh";
}
