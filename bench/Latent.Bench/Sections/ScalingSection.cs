using Latent.Bench.Cases;
using Latent.Bench.Measuring;
using Latent.Bench.Reporting;

namespace Latent.Bench.Sections;

/// <summary>Our side against itself: more threads, other batches, another optimizer.</summary>
internal static class ScalingSection
{
    public static void Run(BenchRun bench)
    {
        var network = BenchNetwork.Article10;
        int most = bench.Options.Threads;
        using var side = bench.StartOurs(network);
        bench.Report.Line($"Steps of {network.Title}, one process.");

        var threads = bench.Contest([
            .. Threads(most).Select(count => Contestant.Of(side, TrainingSection.Request(network, 64, count), $"{count}")),
        ]);
        var ofThreads = new Table("threads, batch 64", "ms per step, median", "best", "speed of one thread's (×)");
        foreach (var (name, round) in threads.Rows)
            ofThreads.Add(name, Numbers.Of(round.Median / 1e3), Numbers.Of(round.Best / 1e3), Numbers.Of(threads.Speed(name, "1")));
        bench.Report.Add(ofThreads);
        if (most >= 2)
            bench.Report.Measured(Goal.TwoThreads, threads.Speed("2", "1"));

        int[] sizes = [32, 64, 128, 256, 512];
        var batches = bench.Contest([
            .. sizes.Select(batch => Contestant.Of(side, TrainingSection.Request(network, batch, most), $"{batch}")),
        ]);
        var ofBatches = new Table($"batch, {most} threads", "ms per step, median", "best", "µs per image, median");
        var perImage = batches.Rows.Select(row => row.Round.Median!.Value / int.Parse(row.Name)).ToArray();
        foreach (var ((name, round), each) in batches.Rows.Zip(perImage))
            ofBatches.Add(name, Numbers.Of(round.Median / 1e3), Numbers.Of(round.Best / 1e3), Numbers.Of(each));
        bench.Report.Add(ofBatches);
        bench.Report.Measured(Goal.FlatBatches, perImage.Length == 0 ? null : perImage.Max() / perImage.Min());

        string[] names = ["rmsprop", "muon"];
        var optimizers = bench.Contest([
            .. names.Select(name => Contestant.Of(side, TrainingSection.Request(network, 64, most, name), name)),
        ]);
        var ofOptimizers = new Table($"optimizer, batch 64, {most} threads", "ms per step, median", "best", "time ÷ RMSprop's");
        foreach (var (name, round) in optimizers.Rows)
            ofOptimizers.Add(
                name,
                Numbers.Of(round.Median / 1e3),
                Numbers.Of(round.Best / 1e3),
                Numbers.Of(optimizers.Speed("rmsprop", name))
            );
        bench.Report.Add(ofOptimizers);
        bench.Report.Measured(Goal.MuonAgainstRmsprop, optimizers.Speed("rmsprop", "muon"));
    }

    /// <summary>1, 2, 4, … and as many as asked for.</summary>
    private static IEnumerable<int> Threads(int most)
    {
        for (int count = 1; count < most; count *= 2)
            yield return count;
        yield return most;
    }
}
