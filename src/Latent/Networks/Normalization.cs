using System.Collections.Immutable;

namespace Latent.Networks;

/// <summary>
/// Each channel shifted and scaled to mean 0 and variance 1 over the batch and its pixels, then by learned numbers (Ioffe and Szegedy, 2015).
/// In use the moving statistics of the training take the batch's place.
/// </summary>
/// <param name="Momentum">How much of a moving statistic stays at each step, 0 to 1.</param>
/// <param name="Epsilon">Added to the variance, above 0.</param>
/// <param name="Center">Whether a learned shift, beta, is added.</param>
/// <param name="Scale">Whether a learned factor, gamma, is applied.</param>
public sealed record BatchNormalization(float Momentum = 0.99f, float Epsilon = 1e-3f, bool Center = true, bool Scale = true)
    : SameShapeLayer
{
    /// <inheritdoc/>
    public override string ClassName => "BatchNormalization";

    internal override void Check(OptionChecks checks)
    {
        checks.Inside("Momentum", Momentum);
        checks.Positive("Epsilon", Epsilon);
    }

    /// <inheritdoc/>
    public override ImmutableArray<Weight> Weights(Shape input)
    {
        var weights = ImmutableArray.CreateBuilder<Weight>();
        if (Scale)
            weights.Add(new("gamma", [input.Channels], Initializer.Ones, 0, 0));
        if (Center)
            weights.Add(new("beta", [input.Channels], Initializer.Zeros, 0, 0));
        weights.Add(new("moving_mean", [input.Channels], Initializer.Zeros, 0, 0) { Trainable = false });
        weights.Add(new("moving_variance", [input.Channels], Initializer.Ones, 0, 0) { Trainable = false });
        return weights.ToImmutable();
    }
}

/// <summary>x · scale + offset, number by number.</summary>
/// <param name="Scale">The factor.</param>
/// <param name="Offset">What is added.</param>
public sealed record Rescaling(float Scale, float Offset = 0) : SameShapeLayer
{
    /// <inheritdoc/>
    public override string ClassName => "Rescaling";

    internal override void Check(OptionChecks checks)
    {
        checks.Finite("Scale", Scale);
        checks.Finite("Offset", Offset);
    }
}
