using System.ComponentModel;
using System.Diagnostics;

namespace Latent.Bench.Sides;

/// <summary>A program that runs once, from start to end.</summary>
internal static class Command
{
    /// <summary>Runs it and keeps what it says; a code of −1 says that it does not start.</summary>
    public static (int Code, string Output, string Error) Run(string file, IEnumerable<string> arguments, string? folder = null)
    {
        try
        {
            using var process = Start(file, arguments, folder);
            var error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (Win32Exception e)
        {
            return (-1, "", e.Message);
        }
    }

    /// <summary>Seconds from before its start to after its end.</summary>
    /// <exception cref="SideFailure">It failed.</exception>
    public static double Seconds(string file, IEnumerable<string> arguments, string? folder = null)
    {
        long start = Stopwatch.GetTimestamp();
        var (code, output, error) = Run(file, arguments, folder);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return code == 0 ? seconds : throw new SideFailure($"'{Path.GetFileName(file)}' failed: {(error + output).Trim()}");
    }

    /// <summary>The most memory it held, in bytes: looked at all the time, so this run's speed says nothing.</summary>
    public static long? Peak(string file, IEnumerable<string> arguments, string? folder = null)
    {
        using var process = Start(file, arguments, folder);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        long? peak = null;
        do peak = PeakMemory.Of(process.Id) ?? peak;
        while (!process.WaitForExit(1));
        Task.WaitAll(output, error);
        return peak;
    }

    private static Process Start(string file, IEnumerable<string> arguments, string? folder) =>
        Process.Start(
            new ProcessStartInfo(file, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder ?? "",
            }
        )!;
}
