namespace Latent.Engine;

/// <summary>
/// Muon (Jordan et al., 2024): the momentum of each matrix, made orthogonal by five Newton–Schulz steps, times
/// κ = √(2 / (fan in + fan out)) · √(long side). For every kernel that is a matrix or a convolution (as kh · kw · in rows of out columns)
/// except the last layer's and those with one row or column; the other weights take Adam with a rate of its own.
/// </summary>
/// <param name="LearningRate">Of the matrices.</param>
/// <param name="Momentum">m ← momentum · m + (1 − momentum) g; the step looks ahead (Nesterov).</param>
/// <param name="AdamRate">Of the other weights.</param>
/// <param name="Beta1">Adam's decay of the mean gradient, which looks ahead too.</param>
/// <param name="Beta2">Adam's decay of the mean square.</param>
/// <param name="Epsilon">Added to Adam's corrected root.</param>
public sealed record Muon(
    float LearningRate = 0.02f,
    float Momentum = 0.95f,
    float AdamRate = 0.006f,
    float Beta1 = 0.9f,
    float Beta2 = 0.99f,
    float Epsilon = 1e-8f
) : Optimizer(LearningRate)
{
    /// <inheritdoc/>
    public override string Name => "muon";

    internal override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Part(nameof(Momentum), Momentum);
        checks.Positive(nameof(AdamRate), AdamRate);
        checks.Part(nameof(Beta1), Beta1);
        checks.Part(nameof(Beta2), Beta2);
        checks.NotNegative(nameof(Epsilon), Epsilon);
    }
}
