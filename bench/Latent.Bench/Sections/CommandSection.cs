using Latent.Bench.Cases;
using Latent.Bench.Measuring;
using Latent.Bench.Reporting;
using Latent.Bench.Sides;
using Latent.Data;
using Latent.Training;

namespace Latent.Bench.Sections;

/// <summary>`latent train mnist` from its start to its report, against the training steps that it makes, alone.</summary>
internal static class CommandSection
{
    public static void Run(BenchRun bench)
    {
        string latent = LatentProgram.Build();
        int images = Mnist.Load().Train.Count,
            epochs = bench.Options.Quick ? 1 : Recipes.Fast(10).Epochs,
            steps = epochs * Recipes.Fast(10).StepsPerEpoch(images),
            runs = 0;
        using var side = bench.StartOurs(BenchNetwork.Article10, images);
        string request = TrainingSection.Request(BenchNetwork.Article10, 64, bench.Options.Threads, "muon");
        side.Times(request, 100);
        var ofCommand = new List<double>();
        var ofSteps = new List<double>();
        for (int round = 0; round < bench.Options.Rounds; round++)
        {
            ofCommand.Add(Command.Seconds(latent, Arguments()));
            ofSteps.Add(side.Times(request, steps).Sum() / 1e6);
        }
        double command = Statistics.Median(ofCommand),
            bare = Statistics.Median(ofSteps);
        long? peak = Command.Peak(latent, Arguments());
        var table = new Table("what", "s, median", "least", "most");
        table.Add(
            $"latent train mnist --epochs {epochs}, from start to report",
            Numbers.Of(command),
            Numbers.Of(ofCommand.Min()),
            Numbers.Of(ofCommand.Max())
        );
        table.Add($"its {steps:N0} steps of Muon alone", Numbers.Of(bare), Numbers.Of(ofSteps.Min()), Numbers.Of(ofSteps.Max()));
        bench.Report.Add(table);
        bench.Report.Line(
            $"The command takes {Numbers.Of(command / bare)} times as long as its steps (less is better), and at most {Numbers.Megabytes(peak)} MB of memory."
        );
        bench.Report.Measured(Goal.CommandAgainstSteps, command / bare);
        bench.Report.Measured(Goal.Memory, peak / 1e6);

        string[] Arguments() =>
            [
                "train",
                "mnist",
                "--epochs",
                $"{epochs}",
                "--threads",
                $"{bench.Options.Threads}",
                "--out",
                bench.Scratch($"command-{runs++}"),
            ];
    }
}
