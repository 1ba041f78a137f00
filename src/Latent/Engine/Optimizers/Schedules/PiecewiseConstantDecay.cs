using System.Collections.Immutable;

namespace Latent.Engine;

/// <summary>Keras's PiecewiseConstantDecay: one rate up to the first boundary, the next one up to the second, and so on.</summary>
/// <param name="Boundaries">The last step of each rate but the last, rising, from 0.</param>
/// <param name="Values">The rates, each at least 0: one more than there are boundaries.</param>
public sealed record PiecewiseConstantDecay(ImmutableArray<long> Boundaries, ImmutableArray<double> Values) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "piecewise-constant";

    /// <inheritdoc/>
    public override double Rate(long iteration)
    {
        int i = 0;
        while (i < Boundaries.Length && iteration > Boundaries[i])
            i++;
        return (float)Values[i];
    }

    /// <summary>By the numbers, not by the arrays that hold them.</summary>
    public bool Equals(PiecewiseConstantDecay? other) =>
        other is not null
        && Boundaries.AsSpan().SequenceEqual(other.Boundaries.AsSpan())
        && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Aggregate(Boundaries.Length, HashCode.Combine);

    internal override void Check(OptionChecks checks)
    {
        if (Boundaries.IsDefault || Values.IsDefault || Values.Length != Boundaries.Length + 1)
        {
            string values = Values.IsDefault ? "none" : $"{Values.Length}";
            checks.Add(
                nameof(Values),
                $"must be one more than the boundaries; there are {values} and {(Boundaries.IsDefault ? 0 : Boundaries.Length)}."
            );
            return;
        }
        for (int i = 0; i < Boundaries.Length; i++)
            if (Boundaries[i] < (i == 0 ? 0 : Boundaries[i - 1] + 1))
            {
                checks.Add(nameof(Boundaries), $"must rise, from 0; they are {string.Join(", ", Boundaries)}.");
                break;
            }
        for (int i = 0; i < Values.Length; i++)
            checks.NotNegative($"{nameof(Values)}[{i}]", Values[i]);
    }
}
