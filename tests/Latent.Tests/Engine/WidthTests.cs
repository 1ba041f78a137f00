using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Latent.Tests.Analysis.Sampling;
using Latent.Tests.Plain;
using Latent.Tests.Shared;

namespace Latent.Tests.Engine;

/// <summary>
/// The register width is fixed when a process starts, so these tests start this test program again with narrower vectors and run some of its
/// tests there.
/// </summary>
public sealed class WidthTests
{
    internal const string HashFile = "LATENT_TEST_HASHES";

    /// <summary>The kernels, and random cases that no other width has run; without vector registers they are some hundred times slower.</summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX512=0", "100..102")]
    [InlineData("DOTNET_EnableAVX2=0", "104..106")]
    [InlineData("DOTNET_EnableHWIntrinsic=0", "108..109")]
    public async Task Engine_equals_its_references_with(string setting, string cases)
    {
        Type[] classes =
        [
            typeof(ProductTests),
            typeof(FunctionTests),
            typeof(FastAgainstPlainTests),
            typeof(LossesAgainstPlainTests),
            typeof(OptimizersAgainstPlainTests),
        ];
        await Run([setting, $"{RandomCase.Range}={cases}"], [.. classes.SelectMany(type => (string[])["-class", type.FullName!])]);
    }

    [Fact]
    public async Task Every_width_gives_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        string hashes = folder["hashes"];
        foreach (string setting in (string[])["DOTNET_EnableAVX512=1", "DOTNET_EnableAVX512=0", "DOTNET_EnableAVX2=0"])
            await Run(
                [setting, $"{HashFile}={hashes}"],
                "-method",
                $"{typeof(SameBitsTests).FullName}.{nameof(SameBitsTests.Register_widths_give_the_same_weights)}",
                "-method",
                $"{typeof(CodeSamplingTests).FullName}.{nameof(CodeSamplingTests.Register_widths_give_the_same_mixture)}"
            );
        Assert.True(File.Exists(hashes), "no process wrote its hashes");
    }

    private static async Task Run(string[] settings, params string[] arguments)
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
        foreach (string setting in settings)
            start.Environment[setting.Split('=')[0]] = setting.Split('=')[1];
        using var process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{settings[0]}:\n{output}");
        Assert.Matches(new Regex("Total: [1-9].* Failed: 0", RegexOptions.None, TimeSpan.FromSeconds(1)), output);
    }
}
