using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Latent.Tests.Shared;

namespace Latent.Tests.Engine;

/// <summary>
/// The register width is fixed when a process starts, so these tests start this test program again with narrower vectors and run some of its
/// tests there.
/// </summary>
public sealed class WidthTests
{
    internal const string HashFile = "LATENT_TEST_HASHES";

    [Theory]
    [InlineData("DOTNET_EnableAVX512=0")]
    [InlineData("DOTNET_EnableAVX2=0")]
    [InlineData("DOTNET_EnableHWIntrinsic=0")]
    public async Task Kernels_equal_their_references_with(string setting)
    {
        await Run(setting, null, "-class", typeof(ProductTests).FullName!, "-class", typeof(FunctionTests).FullName!);
    }

    [Fact]
    public async Task Every_width_gives_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        string hashes = folder["hashes"];
        foreach (string setting in (string[])["DOTNET_EnableAVX512=1", "DOTNET_EnableAVX512=0", "DOTNET_EnableAVX2=0"])
            await Run(
                setting,
                hashes,
                "-method",
                $"{typeof(SameBitsTests).FullName}.{nameof(SameBitsTests.Register_widths_give_the_same_weights)}"
            );
        Assert.True(File.Exists(hashes), "no process wrote its hashes");
    }

    private static async Task Run(string setting, string? hashes, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            // the runtime that this process runs on, wherever it lies
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"),
            [Path.Combine(AppContext.BaseDirectory, "Latent.Tests.dll"), .. arguments, "-noColor"]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var (name, value) = (setting.Split('=')[0], setting.Split('=')[1]);
        start.Environment[name] = value;
        start.Environment[HashFile] = hashes ?? "";
        using var process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{setting}:\n{output}");
        Assert.Matches(new Regex("Total: [1-9].* Failed: 0", RegexOptions.None, TimeSpan.FromSeconds(1)), output);
    }
}
