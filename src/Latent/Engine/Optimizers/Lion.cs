namespace Latent.Engine;

/// <summary>
/// Keras's Lion (Chen et al., 2023): w ← w − rate · sign(β₁ m + (1 − β₁) g), then m ← β₂ m + (1 − β₂) g. Its rate should be three to ten times
/// lower than Adam's.
/// </summary>
/// <param name="LearningRate">Default 1e-3, as in Keras.</param>
/// <param name="Beta1">The part of the momentum in the step.</param>
/// <param name="Beta2">Decay of the momentum.</param>
public sealed record Lion(float LearningRate = 1e-3f, float Beta1 = 0.9f, float Beta2 = 0.99f) : Optimizer(LearningRate)
{
    /// <inheritdoc/>
    public override string Name => "lion";

    internal override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Part(nameof(Beta1), Beta1);
        checks.Part(nameof(Beta2), Beta2);
    }
}
