using System.Diagnostics;
using Latent.Tests.Data.Downloads;
using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Datasets;

/// <summary>The program as a process of its own, with an empty cache, the small KMNIST of <see cref="StartupHook"/> and a mirror of the test.</summary>
internal sealed class Child : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string this[string name] => _folder[name];

    public string Cached => _folder["cache/latent/kmnist"];

    /// <summary>What is in the cache of the data set.</summary>
    public IEnumerable<string?> Files =>
        Directory.Exists(Cached) ? Directory.GetFiles(Cached).Select(Path.GetFileName).Order(StringComparer.Ordinal) : [];

    public Dictionary<string, string> Variables { get; } = [];

    public async Task<Result> Run(Server? mirror, params string[] arguments) => await Result(Start(mirror, arguments));

    public Process Start(Server? mirror, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Latent.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = _folder.Path,
        };
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        start.Environment["XDG_CACHE_HOME"] = _folder["cache"];
        start.Environment[OwnCache.Given] = "1";
        start.Environment["LATENT_MIRROR"] = mirror?.Address;
        start.Environment["LATENT_DATA"] = null;
        start.Environment["NO_PROXY"] = "*";
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Waits for the end of a process.</summary>
    public static async Task<Result> Result(Process started)
    {
        using var process = started;
        var stop = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        string error = await process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return new(process.ExitCode, await output, error);
    }

    public void Dispose() => _folder.Dispose();
}
