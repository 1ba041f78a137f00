namespace Latent.Engine;

/// <summary>Always 1, after the warm-up.</summary>
/// <param name="WarmUp">Steps of linear warm-up.</param>
public sealed record ConstantSchedule(int WarmUp = 0) : WarmUpSchedule(WarmUp)
{
    /// <inheritdoc/>
    public override string Name => "constant";

    /// <inheritdoc/>
    protected override double After(double progress) => 1;
}

/// <summary>Half a cosine from 1 to <paramref name="Floor"/> (Loshchilov and Hutter, 2016, equation 5 without restarts).</summary>
/// <param name="WarmUp">Steps of linear warm-up.</param>
/// <param name="Floor">The factor at the end, 0 to 1.</param>
public sealed record CosineSchedule(int WarmUp = 0, double Floor = 0) : WarmUpSchedule(WarmUp)
{
    /// <inheritdoc/>
    public override string Name => "cosine";

    /// <inheritdoc/>
    protected override double After(double progress) => Floor + (1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * progress));

    internal override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Inside(nameof(Floor), Floor);
    }
}

/// <summary>1 for the first part, then linearly to 0.</summary>
/// <param name="WarmUp">Steps of linear warm-up.</param>
/// <param name="Hold">The part of the steps after the warm-up that stays at 1, 0 to 1.</param>
public sealed record LinearSchedule(int WarmUp = 0, double Hold = 0) : WarmUpSchedule(WarmUp)
{
    /// <inheritdoc/>
    public override string Name => "linear";

    /// <inheritdoc/>
    protected override double After(double progress) => progress < Hold ? 1 : 1 - (progress - Hold) / (1 - Hold);

    internal override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Part(nameof(Hold), Hold);
    }
}

/// <summary>
/// One cycle (Smith and Topin, 2017): from <paramref name="Start"/> up to 1 along half a cosine, then down to <paramref name="Floor"/> along
/// another.
/// </summary>
/// <param name="Rise">The part of the steps that rises, above 0 and below 1.</param>
/// <param name="Start">The factor at the start.</param>
/// <param name="Floor">The factor at the end.</param>
/// <param name="WarmUp">Steps of linear warm-up before the cycle.</param>
public sealed record OneCycleSchedule(double Rise = 0.3, double Start = 0.04, double Floor = 4e-6, int WarmUp = 0) : WarmUpSchedule(WarmUp)
{
    /// <inheritdoc/>
    public override string Name => "one-cycle";

    /// <inheritdoc/>
    protected override double After(double progress) =>
        progress < Rise ? Along(Start, 1, progress / Rise) : Along(1, Floor, (progress - Rise) / (1 - Rise));

    private static double Along(double from, double to, double part) => to + (from - to) * 0.5 * (1 + Math.Cos(Math.PI * part));

    internal override void Check(OptionChecks checks)
    {
        base.Check(checks);
        if (!(Rise > 0 && Rise < 1))
            checks.Add(nameof(Rise), $"must lie above 0 and below 1; it is {Rise}.");
        checks.Inside(nameof(Start), Start);
        checks.Inside(nameof(Floor), Floor);
    }
}
