namespace Latent.Networks;

/// <summary>What a <see cref="CustomLayer"/> has of one image on the way forward.</summary>
public readonly ref struct LayerForward
{
    /// <summary>The shape of the input.</summary>
    public Shape InputShape { get; internal init; }

    /// <summary>The shape of the output.</summary>
    public Shape OutputShape { get; internal init; }

    /// <summary>The input: height × width × channels numbers in this order.</summary>
    public ReadOnlySpan<float> Input { get; internal init; }

    /// <summary>The output, to be written.</summary>
    public Span<float> Output { get; internal init; }

    /// <summary>A weight.</summary>
    /// <param name="index">Its place in <see cref="Layer.Weights"/>.</param>
    public ReadOnlySpan<float> Weight(int index) => AllWeights[WeightRanges[index]];

    internal ReadOnlySpan<float> AllWeights { get; init; }

    internal ReadOnlySpan<Range> WeightRanges { get; init; }
}

/// <summary>What a <see cref="CustomLayer"/> has of one image on the way back.</summary>
public readonly ref struct LayerBackward
{
    /// <summary>The shape of the input.</summary>
    public Shape InputShape { get; internal init; }

    /// <summary>The shape of the output.</summary>
    public Shape OutputShape { get; internal init; }

    /// <summary>The input of the way forward.</summary>
    public ReadOnlySpan<float> Input { get; internal init; }

    /// <summary>The output of the way forward.</summary>
    public ReadOnlySpan<float> Output { get; internal init; }

    /// <summary>The gradient of the loss for the output.</summary>
    public ReadOnlySpan<float> OutputGradient { get; internal init; }

    /// <summary>The gradient for the input, to be written; empty where nobody wants it, as in a network's first layer.</summary>
    public Span<float> InputGradient { get; internal init; }

    /// <summary>A weight.</summary>
    /// <param name="index">Its place in <see cref="Layer.Weights"/>.</param>
    public ReadOnlySpan<float> Weight(int index) => AllWeights[WeightRanges[index]];

    /// <summary>The gradient for a weight, to be added to: it has the sum over the images before this one.</summary>
    /// <param name="index">Its place in <see cref="Layer.Weights"/>.</param>
    public Span<float> WeightGradient(int index) => AllGradients[WeightRanges[index]];

    internal ReadOnlySpan<float> AllWeights { get; init; }

    internal Span<float> AllGradients { get; init; }

    internal ReadOnlySpan<Range> WeightRanges { get; init; }
}
