namespace Latent.Cli.Parsing;

/// <summary>Which numbers an option takes.</summary>
internal readonly record struct Range(
    double Minimum,
    double Maximum = double.PositiveInfinity,
    bool AboveMinimum = false,
    bool BelowMaximum = false
)
{
    public static Range Positive { get; } = new(0, AboveMinimum: true);

    /// <summary>0 to 1, both included.</summary>
    public static Range Part { get; } = new(0, 1);

    /// <summary>From 0 to below 1: what decays.</summary>
    public static Range Decay { get; } = new(0, 1, BelowMaximum: true);

    public bool Contains(double value) =>
        double.IsFinite(value)
        && (AboveMinimum ? value > Minimum : value >= Minimum)
        && (BelowMaximum ? value < Maximum : value <= Maximum);

    /// <summary>"at least 1", "0 to 1": for help and messages.</summary>
    public override string ToString()
    {
        string lower = AboveMinimum ? $"above {Minimum}" : $"at least {Minimum}";
        if (double.IsPositiveInfinity(Maximum))
            return lower;
        return AboveMinimum || BelowMaximum ? $"{lower} and {(BelowMaximum ? "below" : "at most")} {Maximum}" : $"{Minimum} to {Maximum}";
    }
}
