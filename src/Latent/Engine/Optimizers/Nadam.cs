namespace Latent.Engine;

/// <summary>
/// Keras's Nadam (Dozat, 2015): Adam whose mean gradient looks ahead. With uₜ = β₁ (1 − 0.96ᵗ / 2), t from 1, and Uₜ = u₁ · … · uₜ:
/// m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; w ← w − rate · (uₜ₊₁ m / (1 − Uₜ₊₁) + (1 − uₜ) g / (1 − Uₜ)) / (√(v / (1 − β₂ᵗ)) + ε).
/// </summary>
/// <param name="LearningRate">Default 1e-3.</param>
/// <param name="Beta1">Decay of the mean gradient.</param>
/// <param name="Beta2">Decay of the mean square.</param>
/// <param name="Epsilon">Added to the corrected root.</param>
public sealed record Nadam(float LearningRate = 1e-3f, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-7f)
    : Optimizer(LearningRate)
{
    /// <inheritdoc/>
    public override string Name => "nadam";

    internal override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Part(nameof(Beta1), Beta1);
        checks.Part(nameof(Beta2), Beta2);
        checks.NotNegative(nameof(Epsilon), Epsilon);
    }
}
