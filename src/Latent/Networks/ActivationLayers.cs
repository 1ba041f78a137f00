using System.Collections.Immutable;

namespace Latent.Networks;

/// <summary>An activation function as a layer of its own.</summary>
/// <param name="Function">The function.</param>
public sealed record ActivationLayer(Activation Function) : SameShapeLayer
{
    /// <inheritdoc/>
    public override string ClassName => "Activation";

    internal override void Check(OptionChecks checks) => Function.Check(checks);
}

/// <summary>Keras's layer of the ReLU: the lesser of x and the maximum where x &gt; threshold, else negative slope · (x − threshold).</summary>
/// <param name="MaxValue">The most it gives, at least 0; null for no limit.</param>
/// <param name="NegativeSlope">The slope below the threshold, at least 0.</param>
/// <param name="Threshold">Where it begins to be x, at least 0.</param>
public sealed record ReLU(float? MaxValue = null, float NegativeSlope = 0, float Threshold = 0) : SameShapeLayer
{
    /// <inheritdoc/>
    public override string ClassName => "ReLU";

    internal Activation Function =>
        MaxValue is null && Threshold == 0
            ? NegativeSlope == 0
                ? Activation.Relu
                : Activation.LeakyRelu(NegativeSlope)
            : new(ActivationKind.BoundedRelu, NegativeSlope, Threshold, MaxValue ?? float.PositiveInfinity);

    internal override void Check(OptionChecks checks)
    {
        checks.NotNegative("MaxValue", MaxValue ?? 0);
        checks.NotNegative("NegativeSlope", NegativeSlope);
        checks.NotNegative("Threshold", Threshold);
    }
}

/// <summary>x where x &gt; 0, else negative slope · x.</summary>
/// <param name="NegativeSlope">The slope below 0, at least 0; Keras's default is 0.3.</param>
public sealed record LeakyReLU(float NegativeSlope = 0.3f) : SameShapeLayer
{
    /// <inheritdoc/>
    public override string ClassName => "LeakyReLU";

    internal Activation Function => Activation.LeakyRelu(NegativeSlope);

    internal override void Check(OptionChecks checks) => checks.NotNegative("NegativeSlope", NegativeSlope);
}

/// <summary>x where x &gt; 0, else alpha · (eˣ − 1) (Clevert et al., 2015).</summary>
/// <param name="Alpha">At least 0; Keras's default is 1.</param>
public sealed record ELU(float Alpha = 1) : SameShapeLayer
{
    /// <inheritdoc/>
    public override string ClassName => "ELU";

    internal Activation Function => Activation.Elu(Alpha);

    internal override void Check(OptionChecks checks) => checks.NotNegative("Alpha", Alpha);
}

/// <summary>x where x &gt; 0, else a learned slope · x (He et al., 2015).</summary>
/// <param name="SharePixels">
/// Whether the pixels of an image share a slope for each channel, as with Keras's shared_axes=[1, 2]; else each number has its own.
/// </param>
public sealed record PReLU(bool SharePixels = false) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "PReLU";

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        if (SharePixels)
            RequireImage(input);
        return input;
    }

    /// <inheritdoc/>
    public override ImmutableArray<Weight> Weights(Shape input) =>
        [
            new(
                "alpha",
                input.IsVector ? [input.Channels]
                    : SharePixels ? [1, 1, input.Channels]
                    : [input.Height, input.Width, input.Channels],
                Initializer.Zeros,
                0,
                0
            ),
        ];
}
