using Latent.Data;

namespace Latent.Bench.Sections;

/// <summary>What the machine can do at most, and the share of it that each operation of a step reaches.</summary>
internal static class LimitSection
{
    public static void Run(BenchRun bench)
    {
        var (train, _) = Mnist.Load();
        var console = Console.Out;
        using var lines = new StringWriter();
        Console.SetOut(lines);
        try
        {
            Profile.Run(10, train, bench.Options.Quick ? 50 : 2000);
        }
        finally
        {
            Console.SetOut(console);
        }
        bench.Report.Line($"```text\n{lines.ToString().TrimEnd()}\n```");
    }
}
