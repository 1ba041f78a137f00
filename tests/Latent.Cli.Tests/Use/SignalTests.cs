using System.Diagnostics;
using Latent.Models;
using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Use;

/// <summary>The program as a process of its own: signals reach nothing else.</summary>
public sealed class SignalTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task A_signal_ends_the_training_and_keeps_the_best_model(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "signals of POSIX");
        using var folder = new TemporaryFolder();
        string data = SmallData.Mnist(folder["digits"]);
        using var program = Start(
            "dotnet",
            Path.Combine(AppContext.BaseDirectory, "Latent.Cli.dll"),
            "train",
            data,
            "--epochs",
            "100000",
            "--out",
            folder["run"],
            "--no-figures"
        );
        var cancellation = TestContext.Current.CancellationToken;
        string? line;
        do line = await program.StandardOutput.ReadLineAsync(cancellation);
        while (line is not null && !line.StartsWith("epoch=", StringComparison.Ordinal));
        using (var kill = Start("kill", $"-{signal}", $"{program.Id}"))
            await kill.WaitForExitAsync(cancellation);
        string rest = await program.StandardOutput.ReadToEndAsync(cancellation);
        await program.WaitForExitAsync(cancellation);
        Assert.Equal(130, program.ExitCode);
        Assert.Matches("stopped: the model of epoch [0-9]+ is kept", rest);
        Assert.Contains("status=cancelled", rest);
        Autoencoder.Open(folder["run"]);
    }

    private static Process Start(string file, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
}
