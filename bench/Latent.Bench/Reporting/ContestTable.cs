using Latent.Bench.Measuring;
using Latent.Bench.Sides;

namespace Latent.Bench.Reporting;

/// <summary>The table of a contest: times, images a second, and how many times as fast Latent is.</summary>
internal static class ContestTable
{
    /// <summary>Makes the table.</summary>
    /// <param name="results">What was measured, ours among it.</param>
    /// <param name="call">What a call is: "step", "batch".</param>
    /// <param name="images">Images of a call.</param>
    /// <param name="peaks">The most memory of each side; null for a table without that column.</param>
    public static Table Of(Results results, string call, int images, IReadOnlyDictionary<string, long?>? peaks = null)
    {
        bool isShort = results.Rows.Any(row => row.Round.Best < 100);
        var (unit, scale) = isShort ? ("µs", 1.0) : ("ms", 1e-3);
        string[] memory = peaks is null ? [] : ["peak memory, MB"];
        var table = new Table(["side", $"{unit} per {call}, median", "best", "images/s", "Latent is faster by (×)", .. memory]);
        foreach (var (name, round) in results.Rows)
        {
            double? speed = name == SideProgram.OursName ? null : results.Speed(SideProgram.OursName, name);
            string[] peak = peaks is null ? [] : [Numbers.Megabytes(peaks.GetValueOrDefault(name))];
            table.Add([
                name,
                Numbers.Of(round.Median * scale),
                Numbers.Of(round.Best * scale),
                Numbers.Of(images * 1e6 / (round.Median ?? round.Best)),
                Numbers.Of(speed),
                .. peak,
            ]);
        }
        return table;
    }
}
