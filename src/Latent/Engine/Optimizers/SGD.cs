namespace Latent.Engine;

/// <summary>
/// Keras's SGD: w ← w − rate · g; with momentum m ← momentum · m − rate · g and w ← w + m, or with Nesterov's w ← w + momentum · m − rate · g.
/// </summary>
/// <param name="LearningRate">Default 0.01, as in Keras.</param>
/// <param name="Momentum">0 for none.</param>
/// <param name="Nesterov">Whether the step looks ahead; of no effect without momentum.</param>
public sealed record SGD(float LearningRate = 1e-2f, float Momentum = 0, bool Nesterov = false) : Optimizer(LearningRate)
{
    /// <inheritdoc/>
    public override string Name => "sgd";

    internal override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Part(nameof(Momentum), Momentum);
    }
}
