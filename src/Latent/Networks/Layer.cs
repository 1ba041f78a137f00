using System.Collections.Immutable;

namespace Latent.Networks;

/// <summary>
/// One layer of a description: what it does, in Keras's vocabulary, without any numbers. Layers are immutable and compare by value.
/// </summary>
public abstract record Layer
{
    private protected Layer() { }

    /// <summary>The layer's name in summaries and weight files; null for Keras's automatic one (conv2d, conv2d_1, …).</summary>
    public string? Name { get; init; }

    /// <summary>Keras's class name, "Conv2D" for example.</summary>
    public abstract string ClassName { get; }

    /// <summary>The output's shape for an input's.</summary>
    /// <exception cref="LatentException">The layer does not fit the input or its own options are out of range.</exception>
    public abstract Shape Output(Shape input);

    /// <summary>The weights the layer has for an input's shape, kernel before bias; none for most layers.</summary>
    public virtual ImmutableArray<Weight> Weights(Shape input) => [];

    /// <summary>Keras's automatic name without its counter: "conv2d", "up_sampling2d".</summary>
    internal abstract string BaseName { get; }

    private protected void RequireImage(Shape input)
    {
        if (input.IsVector)
            throw new LatentException(
                $"{ClassName} needs an image.",
                "an input (height, width, channels)",
                $"a vector {input}",
                "put a Reshape in front of it"
            );
    }

    private protected void RequireNotNegative(float value, string what)
    {
        if (!(value >= 0) || !float.IsFinite(value))
            throw new LatentException($"{what} of {ClassName} is out of range.", "a number of at least 0", $"{value}");
    }

    /// <summary>The output of a window that slides over an image.</summary>
    private protected Shape PooledBy(Shape input, Size2 pool, Size2 stride, Padding padding)
    {
        RequireImage(input);
        pool.Check($"The window of {ClassName}");
        stride.Check($"The stride of {ClassName}");
        if (padding == Padding.Valid && (input.Height < pool.Height || input.Width < pool.Width))
            throw new LatentException(
                $"{ClassName}'s window is larger than its input.",
                $"an input of at least {pool}",
                $"{input}",
                "use Padding.Same or a smaller window"
            );
        return new(
            Window.Of(input.Height, pool.Height, stride.Height, padding).Output,
            Window.Of(input.Width, pool.Width, stride.Width, padding).Output,
            input.Channels
        );
    }

    private protected void RequirePositive(int value, string what)
    {
        if (value < 1)
            throw new LatentException($"{what} of {ClassName} is out of range.", "at least 1", $"{value}");
    }
}
