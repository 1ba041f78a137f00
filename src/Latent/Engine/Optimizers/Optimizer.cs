namespace Latent.Engine;

/// <summary>How gradients change weights. Rates are multiplied by the schedule's factor at each step.</summary>
/// <param name="LearningRate">The step's size, above 0.</param>
public abstract record Optimizer(float LearningRate)
{
    /// <summary>The short name: "rmsprop", "adam", "adamw", "muon".</summary>
    public abstract string Name { get; }
}

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
}

/// <summary>
/// Keras's Adam: m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; w ← w − rate · √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε), t from 1
/// (Kingma and Ba, 2014, section 2, "epsilon hat").
/// </summary>
/// <param name="LearningRate">Default 1e-3.</param>
/// <param name="Beta1">Decay of the mean gradient.</param>
/// <param name="Beta2">Decay of the mean square.</param>
/// <param name="Epsilon">Added to the uncorrected root.</param>
public sealed record Adam(float LearningRate = 1e-3f, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-7f)
    : Optimizer(LearningRate)
{
    /// <inheritdoc/>
    public override string Name => "adam";
}

/// <summary>Keras's AdamW: w ← w − w · decay · rate, then Adam's step (Loshchilov and Hutter, 2017).</summary>
/// <param name="LearningRate">Default 1e-3.</param>
/// <param name="WeightDecay">Default 0.004, as in Keras.</param>
/// <param name="Beta1">Decay of the mean gradient.</param>
/// <param name="Beta2">Decay of the mean square.</param>
/// <param name="Epsilon">Added to the uncorrected root.</param>
public sealed record AdamW(
    float LearningRate = 1e-3f,
    float WeightDecay = 4e-3f,
    float Beta1 = 0.9f,
    float Beta2 = 0.999f,
    float Epsilon = 1e-7f
) : Optimizer(LearningRate)
{
    /// <inheritdoc/>
    public override string Name => "adamw";
}

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
}
