using Latent.Bench.Cases;
using Latent.Bench.Measuring;
using Latent.Bench.Reporting;
using Latent.Engine.Operations;
using Latent.Networks;

namespace Latent.Bench.Sections;

/// <summary>What the machine's arithmetic can do at most, and the share of it that a step and each of its operations reach.</summary>
internal static class LimitSection
{
    private const int Batch = 64;

    public static void Run(BenchRun bench)
    {
        Whole(bench);
        using var lines = new StringWriter();
        Profiles(lines, bench.Options.Quick ? 60 : 1000);
        bench.Report.Line(lines.ToString().TrimEnd());
    }

    /// <summary>Operation by operation, on one thread.</summary>
    public static void Profiles(TextWriter to, int steps)
    {
        foreach (var network in (BenchNetwork[])[BenchNetwork.Article10, BenchNetwork.Colour64])
        {
            Profile.Run(to, network.Title, LayoutOf(network), network.IsMnist ? steps : Math.Max(30, steps / 20));
            to.WriteLine();
        }
    }

    // The step with all threads, beside all cores' loops of nothing but multiply-adds.
    private static void Whole(BenchRun bench)
    {
        var network = BenchNetwork.Article10;
        var layout = LayoutOf(network);
        long multiplyAdds = Plan.Compile(layout, 0, layout.Networks.Length, training: true).Operations.Sum(o => o.MultiplyAddsOfStep);
        using var side = bench.StartOurs(network);
        string request = TrainingSection.Request(network, Batch, bench.Options.Threads, "rmsprop");
        side.Times(request, bench.Options.Quick ? 20 : 400);
        var shares = new List<double>();
        var limits = new List<double>();
        for (int round = 0; round < bench.Options.Rounds; round++)
        {
            double limit = FmaLimit.AllCores().Sum(),
                step = Statistics.Median([.. side.Times(request, bench.Options.Quick ? 20 : 600)]);
            limits.Add(limit);
            shares.Add(100 * 2e-3 * multiplyAdds * Batch / step / limit);
        }
        bench.Report.Line(
            $"""
            A loop of nothing but multiply-adds on registers, on all {Environment.ProcessorCount} cores at once: {Statistics.Median(
                limits
            ):F0} GFLOP/s
            (two operations each). A step of {network.Title} executes {multiplyAdds:N0} multiply-adds an image; with {bench.Options.Threads} threads and
            batch {Batch} it reaches {Statistics.Median(
                shares
            ):F0} % of that loop (medians of {shares.Count} rounds in turns). One thread, operation by
            operation, least times:
            """
        );
        bench.Report.Measured(Goal.ShareOfLimit, Statistics.Median(shares));
    }

    private static ParameterLayout LayoutOf(BenchNetwork network) => new(network.Encoder, network.Decoder);
}
