namespace Latent.Engine;

/// <summary>
/// Keras's Adam: m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; w ← w − rate · √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε), t from 1
/// (Kingma and Ba, 2014, section 2, "epsilon hat").
/// </summary>
/// <param name="LearningRate">Default 1e-3.</param>
/// <param name="Beta1">Decay of the mean gradient.</param>
/// <param name="Beta2">Decay of the mean square.</param>
/// <param name="Epsilon">Added to the uncorrected root.</param>
/// <param name="AmsGrad">Whether the largest v so far stands in place of v (Reddi et al., 2018).</param>
public sealed record Adam(float LearningRate = 1e-3f, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-7f, bool AmsGrad = false)
    : Optimizer(LearningRate)
{
    /// <inheritdoc/>
    public override string Name => "adam";

    internal override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Part(nameof(Beta1), Beta1);
        checks.Part(nameof(Beta2), Beta2);
        checks.NotNegative(nameof(Epsilon), Epsilon);
    }
}
