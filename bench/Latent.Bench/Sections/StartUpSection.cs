using Latent.Bench.Measuring;
using Latent.Bench.Reporting;
using Latent.Bench.Sides;

namespace Latent.Bench.Sections;

/// <summary>Whole processes of the program latent, from their start to their end.</summary>
internal static class StartUpSection
{
    private const string Help = "latent --help",
        Reconstruct = "latent reconstruct RUN mnist";

    public static void Run(BenchRun bench)
    {
        string latent = LatentProgram.Build(),
            run = bench.Scratch("start-up");
        Command.Seconds(latent, ["train", "mnist", "--steps", "100", "--out", run]);
        (string Name, string[] Arguments)[] commands =
        [
            (Help, ["--help"]),
            (Reconstruct, ["reconstruct", run, "mnist", "--out", bench.Scratch("start-up.png")]),
        ];
        var results = bench.Contest([
            .. commands.Select(command => new Contestant(
                command.Name,
                calls => Round.Of([.. Enumerable.Range(0, calls).Select(_ => 1e6 * Command.Seconds(latent, command.Arguments))])
            )),
        ]);
        bench.Report.Line("Wall time of whole processes, with the files in the system's cache. The memory is of a run of its own.");
        var table = new Table("command", "ms, median", "best", "peak memory, MB");
        foreach (var (name, arguments) in commands)
        {
            if (results.Of(name) is { } round)
                table.Add(
                    name,
                    Numbers.Of(round.Median / 1e3),
                    Numbers.Of(round.Best / 1e3),
                    Numbers.Megabytes(Command.Peak(latent, arguments))
                );
        }
        bench.Report.Add(table);
        bench.Report.Measured(Goal.Help, results.Of(Help)?.Median / 1e6);
    }
}
