using System.Globalization;
using Latent.Bench.Cases;
using Latent.Bench.Measuring;
using Latent.Bench.Reporting;
using Latent.Bench.Shared;
using Latent.Bench.Sides;

namespace Latent.Bench.Sections;

/// <summary>Many images through the encoder, the decoder, and both.</summary>
internal static class InferenceSection
{
    public static void Run(BenchRun bench)
    {
        bench.Report.Line("All cores. Latent takes images as bytes and codes as floats; the peers take floats.");
        OfNetwork(bench, BenchNetwork.Article10, 640);
        OfNetwork(bench, BenchNetwork.Colour64, 64);
    }

    /// <summary>What a side is asked for running a part forward.</summary>
    public static string Request(Part part, int batch) => $"run part={part.ToString().ToLower(CultureInfo.InvariantCulture)} batch={batch}";

    private static void OfNetwork(BenchRun bench, BenchNetwork network, int batch)
    {
        using var sides = bench.StartAll(network, training: false);
        foreach (var part in Enum.GetValues<Part>())
        {
            bench.Report.Line($"**{network.Title}: {part.ToString().ToLower(CultureInfo.InvariantCulture)}, batch {batch}**");
            bool isWhole = part == Part.Reconstruct;
            var contestants = sides.Select(side => Contestant.Of(side, Request(part, batch))).ToList();
            bool prototypeToo = isWhole && network == BenchNetwork.Article10 && bench.Prototype is not null;
            if (prototypeToo)
                contestants.Add(new(Prototype.Name, _ => bench.Prototype!.Infer(bench.Options.Threads).Batch, IsCold: true));
            var results = bench.Contest(contestants);
            bench.Report.Add(ContestTable.Of(results, "batch", batch));
            if (prototypeToo)
                bench.Report.Line("The prototype tells only the best of 60 batches: its ratio compares best times.");
            if (!isWhole)
                continue;
            if (network == BenchNetwork.Article10)
            {
                bench.Report.Measured(Goal.InferenceAgainstPrototype, results.Speed(SideProgram.OursName, Prototype.Name));
                bench.Report.Measured(Goal.InferenceAgainstOnnx, results.Speed(SideProgram.OursName, Peers.Onnx));
            }
            else
                bench.Report.Measured(Goal.ColourInferenceAgainstTorch, results.Speed(SideProgram.OursName, Peers.TunedTorch));
        }
    }
}
