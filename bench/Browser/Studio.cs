using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Latent.Bench.Browser;

/// <summary>The program `latent studio` on a run, from its start until it is disposed of.</summary>
internal sealed partial class Studio : IDisposable
{
    private readonly Process _process;

    private Studio(Process process, string address) => (_process, Address) = (process, address);

    /// <summary>Where it listens, with the slash at the end.</summary>
    public string Address { get; }

    /// <summary>The memory that it holds, in bytes; 0 where the system does not say.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static async Task<Studio> StartAsync(string program, string run)
    {
        var process = Process.Start(
            new ProcessStartInfo(program, ["studio", run, "--no-browser"]) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Url().Match(line) is { Success: true } found)
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new(process, found.Value.TrimEnd('/') + "/");
            }
        }
        throw new InvalidOperationException("the studio ended before it said where it listens");
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    [GeneratedRegex(@"http://[^\s]+", RegexOptions.NonBacktracking)]
    private static partial Regex Url();
}
