namespace Latent.Engine;

/// <summary>Keras's AdamW: w ← w − w · decay · rate, then Adam's step (Loshchilov and Hutter, 2017).</summary>
/// <param name="LearningRate">Default 1e-3.</param>
/// <param name="WeightDecay">Default 0.004, as in Keras.</param>
/// <param name="Beta1">Decay of the mean gradient.</param>
/// <param name="Beta2">Decay of the mean square.</param>
/// <param name="Epsilon">Added to the uncorrected root.</param>
/// <param name="AmsGrad">Whether the largest v so far stands in place of v (Reddi et al., 2018).</param>
public sealed record AdamW(
    float LearningRate = 1e-3f,
    float WeightDecay = 4e-3f,
    float Beta1 = 0.9f,
    float Beta2 = 0.999f,
    float Epsilon = 1e-7f,
    bool AmsGrad = false
) : Optimizer(LearningRate, WeightDecay)
{
    /// <inheritdoc/>
    public override string Name => "adamw";

    internal override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Part(nameof(Beta1), Beta1);
        checks.Part(nameof(Beta2), Beta2);
        checks.NotNegative(nameof(Epsilon), Epsilon);
    }
}
