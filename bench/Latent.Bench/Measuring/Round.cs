namespace Latent.Bench.Measuring;

/// <summary>What one side did in one round, in microseconds for a call.</summary>
/// <param name="Best">The fastest call.</param>
/// <param name="Median">The call in the middle; null where a side tells its best alone.</param>
/// <param name="P99">The time that 99 of 100 calls stay below; null where a side does not tell it.</param>
internal sealed record Round(double Best, double? Median, double? P99)
{
    public static Round Of(double[] times) => new(times.Min(), Statistics.Median(times), Statistics.Quantile(times, 0.99));

    /// <summary>Medians over rounds, and the best of all.</summary>
    public static Round Of(IReadOnlyList<Round> rounds) =>
        new(rounds.Min(round => round.Best), MedianOf(rounds, round => round.Median), MedianOf(rounds, round => round.P99));

    /// <summary>How many times as long another one takes: medians, or best times where one of the two has no median.</summary>
    public double Speed(Round other) => Median is { } mine && other.Median is { } theirs ? theirs / mine : other.Best / Best;

    private static double? MedianOf(IReadOnlyList<Round> rounds, Func<Round, double?> value) =>
        rounds.Select(value).OfType<double>().ToArray() is { Length: > 0 } values ? Statistics.Median(values) : null;
}
