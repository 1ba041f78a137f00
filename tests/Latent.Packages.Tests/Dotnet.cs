using System.Diagnostics;

namespace Latent.Packages.Tests;

/// <summary>What a program printed, and its exit code.</summary>
internal sealed record Ran(int Code, string Output)
{
    /// <summary>The output of a program that must have worked.</summary>
    public string Ok()
    {
        Assert.True(Code == 0, $"exit code {Code}\n{Output}");
        return Output;
    }
}

/// <summary>Runs the .NET SDK and what it built, outside the repository's own settings.</summary>
internal static class Dotnet
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>dotnet with arguments, in a folder.</summary>
    public static Task<Ran> Run(string folder, params string[] arguments) => Start(folder, "dotnet", arguments);

    /// <summary>A program with arguments, in a folder.</summary>
    public static async Task<Ran> Start(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(Info(folder, program, arguments))!;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(s_patience);
        var output = process.StandardOutput.ReadToEndAsync(stop.Token);
        var errors = process.StandardError.ReadToEndAsync(stop.Token);
        await process.WaitForExitAsync(stop.Token);
        return new(process.ExitCode, await output + await errors);
    }

    /// <summary>How a program is started: no telemetry, no build servers that stay.</summary>
    public static ProcessStartInfo Info(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        (string, string)[] settings =
        [
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
            ("DOTNET_NOLOGO", "1"),
            ("MSBUILDDISABLENODEREUSE", "1"),
            ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
            ("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false"),
        ];
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>The bytes of all files in a folder but those with symbols, which nobody ships.</summary>
    public static long SizeOf(string folder) =>
        new DirectoryInfo(folder)
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.Extension is not (".pdb" or ".dbg"))
            .Sum(file => file.Length);
}
