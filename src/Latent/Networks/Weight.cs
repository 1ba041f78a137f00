using System.Collections.Immutable;

namespace Latent.Networks;

/// <summary>How the numbers of a weight are drawn at the start.</summary>
public enum Initializer
{
    /// <summary>All zero.</summary>
    Zeros,

    /// <summary>All one.</summary>
    Ones,

    /// <summary>Uniform in ±√(6 / (fan in + fan out)); Glorot and Bengio, 2010, equation 16.</summary>
    GlorotUniform,
}

/// <summary>One weight of a layer: its name, its shape in Keras's layout and its start.</summary>
/// <param name="Name">"kernel", "bias" or another name that Keras gives it.</param>
/// <param name="Shape">
/// Convolution kernels (kh, kw, in, out), transposed ones (kh, kw, out, in), dense kernels (in, out), biases and the like (out).
/// </param>
/// <param name="Initializer">How it starts.</param>
/// <param name="FanIn">Inputs that one output sums; 0 for a bias.</param>
/// <param name="FanOut">Outputs that one input feeds; 0 for a bias.</param>
public sealed record Weight(string Name, ImmutableArray<int> Shape, Initializer Initializer, int FanIn, int FanOut)
{
    /// <summary>Whether the optimizer changes it; the moving statistics of a normalization change by themselves.</summary>
    public bool Trainable { get; init; } = true;

    /// <summary>The penalty on its numbers, part of the loss; null for none.</summary>
    public Regularizer? Regularizer { get; init; }

    /// <summary>How many numbers.</summary>
    public int Count { get; } = Shape.Aggregate(1, (product, side) => checked(product * side));

    /// <summary>The weights of a layer that sums.</summary>
    internal static ImmutableArray<Weight> KernelAndBias(Weight kernel, Regularizer? ofKernel, int units, bool useBias, Regularizer? ofBias)
    {
        kernel = kernel with { Regularizer = ofKernel };
        return useBias ? [kernel, Bias(units) with { Regularizer = ofBias }] : [kernel];
    }

    private static Weight Bias(int size) => new("bias", [size], Initializer.Zeros, 0, 0);

    internal static Weight Kernel(ImmutableArray<int> shape, int fanIn, int fanOut) =>
        new("kernel", shape, Initializer.GlorotUniform, fanIn, fanOut);
}
