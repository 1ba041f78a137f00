using System.Collections.Immutable;

namespace Latent.Networks;

/// <summary>A layer that sums its input with a kernel, and the penalties that it may have.</summary>
public abstract record KernelLayer : Layer
{
    private protected KernelLayer() { }

    /// <summary>A penalty on the kernel, part of the loss; null for none.</summary>
    public Regularizer? KernelRegularizer { get; init; }

    /// <summary>A penalty on the bias, part of the loss; null for none.</summary>
    public Regularizer? BiasRegularizer { get; init; }

    /// <summary>A penalty on the output of each image, behind the activation, as <see cref="ActivityRegularization"/>; null for none.</summary>
    public Regularizer? ActivityRegularizer { get; init; }

    internal override void Check(OptionChecks checks)
    {
        Regularizer.Check(checks, "KernelRegularizer", KernelRegularizer);
        Regularizer.Check(checks, "BiasRegularizer", BiasRegularizer);
        Regularizer.Check(checks, "ActivityRegularizer", ActivityRegularizer);
    }

    /// <summary>The weights: the kernel and, where it is wanted, a bias for each unit.</summary>
    private protected ImmutableArray<Weight> WithBias(Weight kernel, int units, bool useBias)
    {
        kernel = kernel with { Regularizer = KernelRegularizer };
        return useBias ? [kernel, Weight.Bias(units) with { Regularizer = BiasRegularizer }] : [kernel];
    }
}
