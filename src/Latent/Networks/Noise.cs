namespace Latent.Networks;

/// <summary>
/// In training some numbers, drawn anew at each step, become 0 and the others grow by 1 / (1 − rate); in use nothing happens (Srivastava et
/// al., 2014).
/// </summary>
/// <param name="Rate">The part that becomes 0, at least 0 and below 1.</param>
public sealed record Dropout(float Rate) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "Dropout";

    internal override string BaseName => "dropout";

    /// <inheritdoc/>
    public override Shape Output(Shape input) =>
        Rate >= 0 && Rate < 1
            ? input
            : throw new LatentException("The rate of Dropout is out of range.", "at least 0 and below 1", $"{Rate}");
}

/// <summary>In training each number gets a normally distributed one added, drawn anew at each step; in use nothing happens. Nothing is clipped.</summary>
/// <param name="StandardDeviation">Of what is added, at least 0.</param>
public sealed record GaussianNoise(float StandardDeviation) : Layer
{
    /// <inheritdoc/>
    public override string ClassName => "GaussianNoise";

    internal override string BaseName => "gaussian_noise";

    /// <inheritdoc/>
    public override Shape Output(Shape input) =>
        StandardDeviation >= 0 && float.IsFinite(StandardDeviation)
            ? input
            : throw new LatentException(
                "The standard deviation of GaussianNoise is out of range.",
                "a number of at least 0",
                $"{StandardDeviation}"
            );
}
