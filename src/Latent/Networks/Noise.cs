namespace Latent.Networks;

/// <summary>
/// In training some numbers, drawn anew at each step, become 0 and the others grow by 1 / (1 − rate); in use nothing happens (Srivastava et
/// al., 2014).
/// </summary>
/// <param name="Rate">The part that becomes 0, at least 0 and below 1.</param>
public sealed record Dropout(float Rate) : SameShapeLayer
{
    /// <inheritdoc/>
    public override string ClassName => "Dropout";

    internal override void Check(OptionChecks checks) => checks.Part("Rate", Rate);
}

/// <summary>In training each number gets a normally distributed one added, drawn anew at each step; in use nothing happens. Nothing is clipped.</summary>
/// <param name="StandardDeviation">Of what is added, at least 0.</param>
public sealed record GaussianNoise(float StandardDeviation) : SameShapeLayer
{
    /// <inheritdoc/>
    public override string ClassName => "GaussianNoise";

    internal override void Check(OptionChecks checks) => checks.NotNegative("StandardDeviation", StandardDeviation);
}
