namespace Latent.Engine;

/// <summary>
/// Keras's RMSprop: v ← ρ v + (1 − ρ) g²; w ← w − rate · g / √(v + ε), with ε inside the root (Keras since 2.11).
/// </summary>
/// <param name="LearningRate">Default 1e-3, as in Keras.</param>
/// <param name="Rho">Decay of the mean square.</param>
/// <param name="Momentum">0 for none; else m ← momentum · m + increment; w ← w − m.</param>
/// <param name="Epsilon">Added to the mean square, inside the root.</param>
/// <param name="Centered">Whether the mean gradient's square is subtracted from the mean square.</param>
public sealed record RMSprop(float LearningRate = 1e-3f, float Rho = 0.9f, float Momentum = 0, float Epsilon = 1e-7f, bool Centered = false)
    : Optimizer(LearningRate)
{
    /// <inheritdoc/>
    public override string Name => "rmsprop";

    internal override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Part(nameof(Rho), Rho);
        checks.Part(nameof(Momentum), Momentum);
        checks.NotNegative(nameof(Epsilon), Epsilon);
    }
}
