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
public sealed record BatchNormalization(float Momentum = 0.99f, float Epsilon = 1e-3f, bool Center = true, bool Scale = true) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "BatchNormalization";

    internal override string BaseName => "batch_normalization";

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        if (!(Momentum >= 0 && Momentum <= 1))
            throw new LatentException("The momentum of BatchNormalization is out of range.", "0 to 1", $"{Momentum}");
        if (!(Epsilon > 0) || !float.IsFinite(Epsilon))
            throw new LatentException("The epsilon of BatchNormalization is out of range.", "a number above 0", $"{Epsilon}");
        return input;
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
public sealed record Rescaling(float Scale, float Offset = 0) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "Rescaling";

    internal override string BaseName => "rescaling";

    /// <inheritdoc/>
    public override Shape Output(Shape input) =>
        float.IsFinite(Scale) && float.IsFinite(Offset)
            ? input
            : throw new LatentException("The numbers of Rescaling are out of range.", "finite numbers", $"{Scale} and {Offset}");
}
