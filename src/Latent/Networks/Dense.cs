using System.Collections.Immutable;

namespace Latent.Networks;

/// <summary>A fully connected layer; on an image it works on each pixel's channels, as in Keras.</summary>
/// <param name="Units">Output numbers, at least 1.</param>
/// <param name="Activation">Applied to the sums; null for linear.</param>
/// <param name="UseBias">Whether a number per unit is added.</param>
public sealed record Dense(int Units, Activation? Activation = null, bool UseBias = true) : KernelLayer
{
    /// <inheritdoc/>
    public override string ClassName => "Dense";

    internal override void Check(OptionChecks checks)
    {
        checks.AtLeast("Units", Units, 1);
        base.Check(checks);
        Activation?.Check(checks);
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
        return WithBias(kernel, Units, UseBias);
    }
}
