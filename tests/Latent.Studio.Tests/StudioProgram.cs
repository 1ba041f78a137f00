using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Latent.Tests.Shared;

namespace Latent.Studio.Tests;

/// <summary>The real program, latent studio, as a process of its own on a port of its own.</summary>
public sealed partial class StudioProgram : IAsyncDisposable
{
    private const int Interrupt = 2,
        Terminate = 15;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string?> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private readonly Task<string> _error;

    private StudioProgram(IEnumerable<string> arguments, string folder)
    {
        _process = Process.Start(
            new ProcessStartInfo("dotnet", [Program, "studio", .. arguments])
            {
                WorkingDirectory = folder,
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

    /// <summary>The program's file, built as these tests are.</summary>
    private static string Program { get; } =
        Path.Combine(
            Repository.Root,
            "src",
            "Latent.Cli",
            Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "Latent.Studio.Tests"), AppContext.BaseDirectory),
            "Latent.Cli.dll"
        );

    /// <summary>Where it answers, as it printed it, without the token.</summary>
    public string Address { get; private set; } = "";

    /// <summary>What it printed after its address: "?token=…", or nothing.</summary>
    public string Query { get; private set; } = "";

    public int Id => _process.Id;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts it, on a free port where no --urls is among the arguments, and waits until it answers.</summary>
    public static async Task<StudioProgram> StartAsync(string folder, params string[] arguments)
    {
        string[] urls = arguments.Contains("--urls") ? [] : ["--urls", "http://127.0.0.1:0"];
        var program = new StudioProgram([.. arguments, .. urls, "--no-browser"], folder);
        var first = await Task.WhenAny(program._address.Task, Task.Delay(s_patience, TestContext.Current.CancellationToken));
        if (first != program._address.Task || await program._address.Task is not { } printed)
        {
            string output = program.Output;
            await program.DisposeAsync();
            throw new InvalidOperationException($"latent studio does not answer:\n{output}\n{await program._error}");
        }
        var address = new Uri(printed);
        (program.Address, program.Query) = (address.GetLeftPart(UriPartial.Authority), address.Query);
        return program;
    }

    /// <summary>Runs it to its end, for command lines that cannot work.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string folder, params string[] arguments)
    {
        await using var program = new StudioProgram([.. arguments, "--no-browser"], folder);
        return await program.EndAsync();
    }

    /// <summary>Ctrl-C, and what it came to.</summary>
    public async Task<(int Code, string Output, string Error)> InterruptAsync()
    {
        Assert.Equal(0, kill(_process.Id, Interrupt));
        return await EndAsync();
    }

    /// <summary>A client that does not follow redirects and keeps no cookies.</summary>
    public HttpClient Client() =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                Expect100ContinueTimeout = s_patience,
            }
        )
        {
            BaseAddress = new Uri(Address),
        };

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = kill(_process.Id, Terminate);
            using var patience = new CancellationTokenSource(s_patience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
    }

    private async Task<(int Code, string Output, string Error)> EndAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        await _process.WaitForExitAsync(patience.Token);
        await _reading;
        return (_process.ExitCode, Output, await _error);
    }

    private async Task ReadAsync()
    {
        const string start = "Latent Studio: ";
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_output)
                _output.Append(line).Append('\n');
            if (line.StartsWith(start, StringComparison.Ordinal))
                _address.TrySetResult(line[start.Length..]);
        }
        _address.TrySetResult(null);
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int pid, int signal);
}
