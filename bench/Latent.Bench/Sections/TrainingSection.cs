using Latent.Bench.Cases;
using Latent.Bench.Measuring;
using Latent.Bench.Reporting;
using Latent.Bench.Sides;

namespace Latent.Bench.Sections;

/// <summary>A step of training, ours against the peers': forward, back, and the optimizer's update.</summary>
internal static class TrainingSection
{
    public static void Run(BenchRun bench)
    {
        bench.Report.Line(
            $"A step is forward, backward and RMSprop's update, {bench.Options.Threads} threads. Latent's step also makes its batch of floats from bytes; the peers have theirs ready."
        );
        foreach (
            var (network, batch) in (ReadOnlySpan<(BenchNetwork, int)>)
                [
                    (BenchNetwork.Article10, 64),
                    (BenchNetwork.Article10, 256),
                    (BenchNetwork.Article2, 64),
                    (BenchNetwork.Article2, 256),
                    (BenchNetwork.Colour64, 64),
                ]
        )
            OfNetwork(bench, network, batch);
    }

    /// <summary>What a side is asked for a training with RMSprop or another optimizer.</summary>
    public static string Request(BenchNetwork network, int batch, int threads, string optimizer = "rmsprop") =>
        $"train batch={batch} rate={network.Rate} epsilon=1e-8 threads={threads} optimizer={optimizer}";

    private static void OfNetwork(BenchRun bench, BenchNetwork network, int batch)
    {
        int threads = bench.Options.Threads;
        bench.Report.Line($"**{network.Title}, batch {batch}**");
        using var sides = bench.StartAll(network, training: true);
        var contestants = sides.Select(side => Contestant.Of(side, Request(network, batch, threads))).ToList();
        if (bench.Prototype is { } prototype && network == BenchNetwork.Article10)
            contestants.Add(new(Prototype.Name, steps => prototype.Train(threads, batch, steps), IsCold: true));
        var results = bench.Contest(contestants);
        bench.Report.Add(ContestTable.Of(results, "step", batch, sides.Peaks));
        if (batch != 64)
            return;
        if (network == BenchNetwork.Article10)
        {
            bench.Report.Measured(Goal.TrainingAgainstPrototype, results.Speed(SideProgram.OursName, Prototype.Name));
            bench.Report.Measured(Goal.TrainingAgainstTorch, results.Speed(SideProgram.OursName, Peers.TunedTorch));
        }
        if (network == BenchNetwork.Colour64)
            bench.Report.Measured(Goal.ColourAgainstTorch, results.Speed(SideProgram.OursName, Peers.TunedTorch));
    }
}
