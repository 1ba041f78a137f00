using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace Latent.Cli.Tests.Faults;

/// <summary>What one process can do to another. The numbers are those of Linux.</summary>
internal enum Signal
{
    Hangup = 1,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>
/// The program as a process of its own, which can be killed. Lines can be waited for, so that nothing here depends on how fast the machine is.
/// </summary>
internal sealed partial class Child : IDisposable
{
    /// <summary>The program's file, beside the tests.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Latent.Cli.dll");

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly Task _reading;
    private readonly Task<string> _error;

    private Child(string file, IEnumerable<string> arguments)
    {
        _process = Process.Start(
            new ProcessStartInfo(file, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        _process.StandardInput.Close();
        _reading = ReadAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts latent.</summary>
    public static Child Latent(params IEnumerable<string> arguments) => new("dotnet", [Program, .. arguments]);

    /// <summary>Starts a shell. In its script, latent starts the program, in place of the shell with "exec latent".</summary>
    /// <param name="script">For /bin/sh.</param>
    /// <param name="arguments">$1, $2, ….</param>
    public static Child Shell(string script, params IEnumerable<string> arguments) =>
        new("sh", ["-c", script.Replace("latent ", $"dotnet '{Program}' ", StringComparison.Ordinal), "sh", .. arguments]);

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Waits for a line of standard output that starts with something.</summary>
    /// <param name="start">How it starts.</param>
    /// <param name="orEnd">Whether the process may end without it; then it gives false.</param>
    public async Task<bool> Line(string start, bool orEnd = false)
    {
        await foreach (string line in _lines.Reader.ReadAllAsync(Cancellation))
            if (line.StartsWith(start, StringComparison.Ordinal))
                return true;
        Assert.True(orEnd, $"'{start}' never came, but:\n{Output}\n{await _error}");
        return false;
    }

    /// <summary>Sends a signal; false where the process has ended.</summary>
    public bool Send(Signal signal) => !_process.HasExited && kill(_process.Id, (int)signal) == 0;

    /// <summary>Waits for the end.</summary>
    public async Task<Result> End()
    {
        await _process.WaitForExitAsync(Cancellation);
        await _reading;
        return new(_process.ExitCode, Output, await _error);
    }

    /// <summary>Waits for the end, but no longer than this. False where it lives on.</summary>
    public async Task<bool> EndsWithin(TimeSpan time)
    {
        var end = _process.WaitForExitAsync(Cancellation);
        return await Task.WhenAny(end, Task.Delay(time, Cancellation)) == end;
    }

    /// <summary>kill -9, and waits until it is dead. False where it ended before.</summary>
    public async Task<bool> Kill()
    {
        bool sent = Send(Signal.Kill);
        await _process.WaitForExitAsync(Cancellation);
        return sent && _process.ExitCode == 128 + (int)Signal.Kill;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_output)
                _output.AppendLine(line);
            _lines.Writer.TryWrite(line);
        }
        _lines.Writer.Complete();
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int pid, int signal);
}
