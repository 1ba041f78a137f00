using Latent.Bench.Cases;
using Latent.Bench.Measuring;
using Latent.Bench.Reporting;

namespace Latent.Bench.Sections;

/// <summary>Batches of shuffled images as floats, and nothing else.</summary>
internal static class DataSection
{
    private const int Batch = 64;

    public static void Run(BenchRun bench)
    {
        using var sides = bench.StartAll(BenchNetwork.Article10, training: true);
        var results = bench.Contest([.. sides.Select(side => Contestant.Of(side, $"load batch={Batch}"))]);
        bench.Report.Line($"Batches of {Batch} of MNIST's images, from bytes at shuffled rows to floats; Latent's in one thread.");
        bench.Report.Add(ContestTable.Of(results, "batch", Batch));
    }
}
