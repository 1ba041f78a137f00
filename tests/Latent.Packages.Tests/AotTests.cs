using System.Globalization;
using System.Text.RegularExpressions;
using Latent.Models;
using Latent.Networks;

namespace Latent.Packages.Tests;

/// <summary>Programs compiled ahead of time. They need a C compiler, and NuGet's package with the compiler of .NET.</summary>
[Trait("Category", "Slow")]
public sealed partial class AotTests(Feed feed) : IDisposable
{
    private const string LevelOfFma = "x86-64-v3";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_sample_decodes_the_same_bits_as_with_the_jit()
    {
        RequireCompiler();
        new Autoencoder(Article.Encoder(10), Article.Decoder(10), seed: 1).Save(_folder["model.safetensors"]);
        string sample = Path.Combine(Repository.Root, "samples", "decode.cs");
        Published(await Dotnet.Run(_folder.Path, "publish", sample, "-o", _folder["out"]));

        string native = (await Dotnet.Start(_folder.Path, _folder[Program("out/decode")], _folder["model.safetensors"])).Ok(),
            jit = (await Dotnet.Run(_folder.Path, "run", "-c", "Release", sample, "--", _folder["model.safetensors"])).Ok();
        TestContext.Current.TestOutputHelper?.WriteLine($"native, {Dotnet.SizeOf(_folder["out"]):N0} bytes:\n{native}\nJIT:\n{jit}");
        Assert.Equal(Sum().Match(jit).Value, Sum().Match(native).Value);
        Assert.NotEqual("", Sum().Match(native).Value);
        Assert.DoesNotContain("warning", native, StringComparison.Ordinal);
        // the speed of the JIT; without fused multiply-add it would be hundreds of times slower
        Assert.InRange(Microseconds(native), 0, 10 * Microseconds(jit) + 100);
        Assert.InRange(Dotnet.SizeOf(_folder["out"]), 1_000_000, 15_000_000);
    }

    [Fact]
    public async Task Without_an_instruction_set_it_is_said_while_compiling_and_once_while_running()
    {
        RequireCompiler();
        Assert.SkipUnless(
            System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64,
            "other processors have FMA in any case"
        );
        string folder = await feed.NewProject(
            "slow",
            """
            using System.Diagnostics;
            using Latent.Models;
            using Latent.Networks;

            Trace.Listeners.Add(new TextWriterTraceListener(Console.Error));
            using var codec = new Codec(new(Article.Encoder(2), Article.Decoder(2)), new() { OnMessage = message => Console.WriteLine($"host: {message.Level}") });
            long start = Stopwatch.GetTimestamp();
            codec.Decode(codec.Encode(new byte[784]));
            Console.WriteLine($"decoded in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F1} ms");
            """,
            ["Latent"],
            "<PublishAot>true</PublishAot>"
        );
        string compiled = Published(await Dotnet.Run(folder, "publish", "-c", "Release", "-o", "out"));
        Assert.Contains("LATENT001", compiled, StringComparison.Ordinal);
        Assert.Contains(LevelOfFma, compiled, StringComparison.Ordinal);

        string said = (await Dotnet.Start(folder, Path.Combine(folder, Program("out/slow")))).Ok();
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        Assert.Single(Regex.Matches(said, LevelOfFma, RegexOptions.None, TimeSpan.FromSeconds(1)));
        Assert.Contains("host: Warning", said, StringComparison.Ordinal);
        Assert.Contains("decoded in", said, StringComparison.Ordinal);
    }

    private static void RequireCompiler()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the C compiler of Visual Studio is not looked for");
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(
            folders.Any(folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc"))),
            "there is no clang and no gcc, which link programs that are compiled ahead of time"
        );
    }

    /// <summary>What compiling printed; the test is skipped where NuGet does not give the compiler.</summary>
    private static string Published(Ran ran)
    {
        Assert.SkipWhen(
            ran.Code != 0 && ran.Output.Contains("ilcompiler", StringComparison.OrdinalIgnoreCase) && MissingPackage().IsMatch(ran.Output),
            $"the compiler is not to be had:\n{ran.Output}"
        );
        return ran.Ok();
    }

    private static string Program(string path) => OperatingSystem.IsWindows() ? $"{path}.exe" : path;

    private static double Microseconds(string output) =>
        double.Parse(Time().Match(output).Groups["time"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("SHA-256 [0-9a-f]{64}", RegexOptions.None, 1000)]
    private static partial Regex Sum();

    [GeneratedRegex("one image: (?<time>[0-9]+) µs", RegexOptions.None, 1000)]
    private static partial Regex Time();

    [GeneratedRegex("NU1101|NU1102|NU1301", RegexOptions.None, 1000)]
    private static partial Regex MissingPackage();
}
