using System.Collections.Immutable;

namespace Latent.Networks;

/// <summary>A fully connected layer; on an image it works on each pixel's channels, as in Keras.</summary>
/// <param name="Units">Output numbers, at least 1.</param>
/// <param name="Activation">Applied to the sums; null for linear.</param>
/// <param name="UseBias">Whether a number per unit is added.</param>
public sealed record Dense(int Units, Activation? Activation = null, bool UseBias = true) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "Dense";

    /// <summary>A penalty on the kernel, part of the loss; null for none.</summary>
    public Regularizer? KernelRegularizer { get; init; }

    /// <summary>A penalty on the bias, part of the loss; null for none.</summary>
    public Regularizer? BiasRegularizer { get; init; }

    /// <summary>A penalty on the output of each image, behind the activation, as <see cref="ActivityRegularization"/>; null for none.</summary>
    public Regularizer? ActivityRegularizer { get; init; }

    internal override void Check(OptionChecks checks)
    {
        checks.AtLeast("Units", Units, 1);
        Regularizer.Check(checks, "KernelRegularizer", KernelRegularizer);
        Regularizer.Check(checks, "BiasRegularizer", BiasRegularizer);
        Regularizer.Check(checks, "ActivityRegularizer", ActivityRegularizer);
    }

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        Require();
        return input.IsVector ? Shape.Vector(Units) : new(input.Height, input.Width, Units);
    }

    /// <inheritdoc/>
    public override ImmutableArray<Weight> Weights(Shape input)
    {
        var kernel = Weight.Kernel([input.Channels, Units], input.Channels, Units);
        return Weight.KernelAndBias(kernel, KernelRegularizer, Units, UseBias, BiasRegularizer);
    }
}
