using System.Diagnostics;

namespace Latent.Tests.Shared;

/// <summary>Debian's own Python and its packages (python3-onnx, python3-torch, …), as a second opinion on files. Another one on the PATH does not see them.</summary>
internal static class Python
{
    private const string Program = "/usr/bin/python3";

    /// <summary>Runs a script; the test is skipped, with the reason, where Python or a module is missing.</summary>
    /// <param name="script">The program.</param>
    /// <param name="modules">What it imports beside Python itself: "onnx" is Debian's package python3-onnx.</param>
    /// <param name="arguments">What the script finds in sys.argv[1:].</param>
    /// <returns>What it printed.</returns>
    public static async Task<string> Run(string script, string[] modules, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Program), $"there is no {Program}");
        foreach (string module in modules)
        {
            var (found, _) = await Start($"import importlib.util, sys; sys.exit(0 if importlib.util.find_spec('{module}') else 1)", []);
            Assert.SkipUnless(found == 0, $"{Program} has no module {module}: apt-get install python3-{module}");
        }
        var (code, output) = await Start(script, arguments);
        Assert.True(code == 0, output);
        return output;
    }

    private static async Task<(int Code, string Output)> Start(string script, string[] arguments)
    {
        var start = new ProcessStartInfo(Program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])["-c", script, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var stop = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var errors = process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return (process.ExitCode, await output + await errors);
    }
}
