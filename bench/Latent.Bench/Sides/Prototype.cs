using System.Globalization;
using System.Text.RegularExpressions;
using Latent.Bench.Measuring;

namespace Latent.Bench.Sides;

/// <summary>
/// A prototype of the article's training step in another language, in a folder given by the user: bin/ae, and bin/ae_avx2 without AVX-512.
/// It starts anew for each round and prints a line with its own times.
/// </summary>
internal sealed partial class Prototype(string folder)
{
    public const string Name = "prototype in C";

    /// <summary>More steps than its table of losses holds would write past its end.</summary>
    private const int MostSteps = 4096;

    public static string Program => OwnSide.Width >= 512 ? "ae" : "ae_avx2";

    /// <summary>"bench THREADS BATCH STEPS".</summary>
    public Round Train(int threads, int batch, int steps) =>
        ParseTraining(Run("bench", $"{threads}", $"{batch}", $"{Math.Min(steps, MostSteps)}"));

    /// <summary>"infer": encoding and decoding in batches, then one code at a time.</summary>
    public Inference Infer(int threads) => ParseInference(Run("infer"), threads);

    /// <summary>Reads "… min 1.5 ms median 1.6 ms …".</summary>
    /// <exception cref="SideFailure">The line is another one.</exception>
    public static Round ParseTraining(string output)
    {
        var match = TrainingLine().Match(output);
        return match.Success ? new(1e3 * Number(match, "min"), 1e3 * Number(match, "median"), null) : throw Unreadable(output);
    }

    /// <summary>Reads the lines of batches of 640 by so many threads, and of decoding one code.</summary>
    /// <exception cref="SideFailure">A line is missing.</exception>
    public static Inference ParseInference(string output, int threads)
    {
        var batch = BatchLine().Matches(output).LastOrDefault(match => Number(match, "threads") <= threads) ?? throw Unreadable(output);
        var one = OneLine().Match(output);
        if (!one.Success)
            throw Unreadable(output);
        return new(new(1e3 * Number(batch, "ms"), null, null), new(Number(one, "min"), Number(one, "median"), Number(one, "p99")));
    }

    private string Run(params string[] arguments)
    {
        var (code, output, error) = Command.Run(Path.Combine(folder, "bin", Program), arguments, folder);
        return code == 0 ? output : throw new SideFailure($"{Program} {string.Join(' ', arguments)} failed: {(error + output).Trim()}");
    }

    private static double Number(Match match, string group) => double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static SideFailure Unreadable(string output) =>
        new($"'{output.Trim().Split('\n')[0]}' is not what the prototype is known to print");

    [GeneratedRegex(
        @": min (?<min>[0-9.]+) ms +median (?<median>[0-9.]+) ms",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex TrainingLine();

    [GeneratedRegex(
        @"infer threads (?<threads>[0-9]+) batch 640: (?<ms>[0-9.]+) ms",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex BatchLine();

    [GeneratedRegex(
        @"decode one z: warm min (?<min>[0-9.]+) us median (?<median>[0-9.]+) us p99 (?<p99>[0-9.]+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex OneLine();

    /// <summary>What it prints of inference.</summary>
    /// <param name="Batch">Reconstructing 640 images; it tells the best time alone.</param>
    /// <param name="One">Decoding one code.</param>
    internal sealed record Inference(Round Batch, Round One);
}
