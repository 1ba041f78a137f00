using Latent.Bench.Reporting;
using Latent.Bench.Sections;
using Latent.Bench.Sides;

namespace Latent.Bench;

/// <summary>One run: the machine, the sections, the goals; printed, and kept as a page.</summary>
internal static class WholeBench
{
    public static void Run(BenchOptions options)
    {
        var machine = Machine.Here(); // before this run is its load
        var day = DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime);
        string? page = options.Results is { } folder ? FreeName(Directory.CreateDirectory(folder).FullName, machine.FileName(day)) : null;
        var report = new Report(Console.Out);
        report.Line($"# Latent's bench, {day:yyyy-MM-dd}");
        report.Add(machine.Describe($"bench/Latent.Bench {options.CommandLine}"));
        report.Line(
            $"Each side is a process of its own; all are warmed up, then measured in turns. Rounds: {options.Rounds}; the numbers are medians over them."
        );
        if (options.Quick)
            report.Line("**A quick run, to try the bench: its numbers are no measurements.**");
        using (var bench = new BenchRun(options, report))
        {
            foreach (
                var section in Section.All.Where(section => options.Only?.Contains(section.Name, StringComparer.Ordinal) ?? !section.IsLong)
            )
            {
                report.Heading(section.Heading);
                try
                {
                    section.Run(bench);
                }
                catch (SideFailure e)
                {
                    report.LeftOut(section.Heading, e.Message);
                }
                if (page is not null)
                    report.Save(page); // what is measured stays, whatever comes
            }
        }
        report.Close();
        if (page is null)
            return;
        report.Save(page);
        Console.Error.WriteLine($"written to {page}");
    }

    // An older page of the same day stays.
    private static string FreeName(string folder, string name)
    {
        for (int number = 1; ; number++)
        {
            string path = Path.Combine(folder, number == 1 ? $"{name}.md" : $"{name}-{number}.md");
            if (!File.Exists(path))
                return path;
        }
    }
}
