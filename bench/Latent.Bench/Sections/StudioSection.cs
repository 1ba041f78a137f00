using System.Text.Json;
using Latent.Bench.Measuring;
using Latent.Bench.Reporting;
using Latent.Bench.Sides;

namespace Latent.Bench.Sections;

/// <summary>The studio and an exported page in a headless Chromium: a program of its own, bench/Browser, built when it is asked for.</summary>
internal static class StudioSection
{
    public static void Run(BenchRun bench)
    {
        string latent = LatentProgram.Build(),
            browser = Build(),
            run = bench.Scratch("studio"),
            page = bench.Scratch("explorer.html");
        Command.Seconds(latent, ["train", "mnist", "--latent", "2", "--epochs", "1", "--out", run]);
        Command.Seconds(latent, ["export", run, "--html", page]);
        int rounds = bench.Options.Quick ? 1 : bench.Options.Rounds;
        var (code, output, error) = Command.Run("dotnet", [browser, latent, run, page, $"{rounds}"]);
        if (code != 0)
            throw new SideFailure(error.Trim());
        var answer = JsonDocument.Parse(output).RootElement;
        var (studio, file) = (answer.GetProperty("studio"), answer.GetProperty("file"));
        bench.Report.Line(
            "Headless Chromium without a GPU, 1440 × 900, a run of two numbers with the 10,000 test images; times from slider to picture in the page's own clock."
        );
        var table = new Table("what", "median", "95th percentile", "most");
        double[] ready = Seconds(studio, "ready"),
            slides = Seconds(studio, "slides"),
            frames = Seconds(studio, "frames"),
            fileSlides = Seconds(file, "slides");
        Add("studio: from opening to all points drawn, s", ready);
        Add("studio: slider to picture, ms", slides);
        Add("studio: zooming, frames a second", frames);
        Add("exported page: from opening to all points drawn, s", [file.GetProperty("ready").GetDouble()]);
        Add("exported page: slider to picture, ms", fileSlides);
        bench.Report.Add(table);
        bench.Report.Line(
            $"The studio's process holds {Numbers.Megabytes(studio.GetProperty("memory").GetInt64())} MB; the exported page is a file of {file.GetProperty("bytes").GetInt64() / 1e6:F2} MB."
        );
        bench.Report.Measured(Goal.StudioReady, Statistics.Median(ready));
        bench.Report.Measured(Goal.StudioSlide, Statistics.Median(slides));
        bench.Report.Measured(Goal.StudioSlideTail, Statistics.Quantile(slides, 0.95));
        bench.Report.Measured(Goal.StudioFrames, Statistics.Median(frames));
        bench.Report.Measured(Goal.PageSlide, Statistics.Median(fileSlides));

        void Add(string what, double[] numbers) =>
            table.Add(
                what,
                Numbers.Of(Statistics.Median(numbers)),
                Numbers.Of(Statistics.Quantile(numbers, 0.95)),
                Numbers.Of(numbers.Max())
            );
    }

    private static double[] Seconds(JsonElement of, string name) =>
        [.. of.GetProperty(name).EnumerateArray().Select(one => one.GetDouble())];

    private static string Build()
    {
        string project = Path.Combine(Clone.Root, "bench", "Browser");
        Console.Error.WriteLine("building the browser's program …");
        var (code, output, error) = Command.Run("dotnet", ["build", project, "-c", "Release", "-v", "quiet", "--nologo"]);
        return code == 0
            ? Path.Combine(project, "bin", "Release", "net10.0", "Latent.Bench.Browser.dll")
            : throw new SideFailure($"it does not build: {(output + error).Trim()}");
    }
}
