using Latent.Bench.Cases;
using Latent.Bench.Measuring;
using Latent.Bench.Reporting;
using Latent.Bench.Shared;
using Latent.Bench.Sides;

namespace Latent.Bench.Sections;

/// <summary>One code to its image, again and again.</summary>
internal static class LatencySection
{
    public static void Run(BenchRun bench)
    {
        var network = BenchNetwork.Article10;
        using var sides = bench.StartAll(network, training: false);
        var contestants = sides.Select(side => Contestant.Of(side, InferenceSection.Request(Part.Decode, 1))).ToList();
        if (bench.Prototype is { } prototype)
            contestants.Add(new(Prototype.Name, _ => prototype.Infer(bench.Options.Threads).One, IsCold: true));
        var results = bench.Contest(contestants);
        bench.Report.Line($"{network.Title}, warm calls one after the other; the 99th percentile is the median over the rounds.");
        var table = new Table("side", "µs, median", "best", "99 % below", "Latent is faster by (×)");
        foreach (var (name, round) in results.Rows)
            table.Add(
                name,
                Numbers.Of(round.Median),
                Numbers.Of(round.Best),
                Numbers.Of(round.P99),
                Numbers.Of(name == SideProgram.OursName ? null : results.Speed(SideProgram.OursName, name))
            );
        bench.Report.Add(table);
        bench.Report.Measured(Goal.LatencyAgainstPrototype, 1 / results.Speed(SideProgram.OursName, Prototype.Name));
    }
}
