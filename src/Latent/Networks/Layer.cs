using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Latent.Networks;

/// <summary>
/// One layer of a description: what it does, in Keras's vocabulary, without any numbers. Layers are immutable and compare by value.
/// </summary>
public abstract partial record Layer
{
    private protected Layer() { } // a layer of one's own is a CustomLayer

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
    internal string BaseName => Words().Replace(Capitals().Replace(ClassName, "${before}_${word}"), "${before}_${word}").ToLowerInvariant();

    /// <summary>What is wrong with the layer's own options, whatever its input.</summary>
    internal virtual void Check(OptionChecks checks) { }

    /// <summary><see cref="Weights"/>, where a layer of the user's own may have left them unset.</summary>
    internal ImmutableArray<Weight> WeightsOf(Shape input) => Weights(input) is { IsDefault: false } weights ? weights : [];

    /// <summary>As <see cref="Output"/>, where the input may not be known: then only the layer's own options are looked at.</summary>
    internal Shape? OutputOf(Shape? input)
    {
        if (input is { } known)
            return Output(known);
        Require();
        return (this as Reshape)?.Target;
    }

    /// <summary>Throws where <see cref="Check"/> finds something.</summary>
    private protected void Require()
    {
        var problems = new List<string>();
        Check(new(ClassName, problems));
        if (problems.Count > 0)
            throw new LatentException(string.Join(' ', problems), fix: "change what the layer is told");
    }

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

    /// <summary>The output of a window that slides over an image.</summary>
    private protected Shape PooledBy(Shape input, Size2 pool, Size2 stride, Padding padding)
    {
        Require();
        RequireImage(input);
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

    private protected static void CheckWindow(OptionChecks checks, Size2 pool, Size2 stride, Padding padding)
    {
        checks.Known("Padding", padding);
        pool.Check(checks, "PoolSize");
        stride.Check(checks, "Strides");
    }

    // Keras's to_snake_case, so that its files and ours have the same names
    [GeneratedRegex("(?<before>.)(?<word>[A-Z][a-z]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Capitals();

    [GeneratedRegex("(?<before>[a-z])(?<word>[A-Z])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Words();
}
