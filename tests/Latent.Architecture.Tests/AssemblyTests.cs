using System.Reflection;
using System.Runtime.InteropServices;

namespace Latent.Architecture.Tests;

/// <summary>Which packages each assembly may stand on, and what its public types look like.</summary>
public sealed class AssemblyTests
{
    /// <summary>Each assembly and what it may reference beside .NET itself, by name, or by the start of the name where it ends with a dot.</summary>
    public static TheoryData<string, string[]> Allowed { get; } =
        new()
        {
            { "Latent", [] },
            { "Latent.Formats", ["Latent"] },
            { "Latent.Explorer", ["Latent"] },
            {
                "Latent.Hosting",
                ["Latent", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions"]
            },
            { "Latent.Embeddings", ["Latent", "Latent.Images", "Microsoft.Extensions.AI.Abstractions"] },
            { "Latent.Images", ["Latent", "Latent.Explorer", "BitMiracle.LibTiff.NET", "ScottPlot", "SkiaSharp", "HarfBuzzSharp"] },
            {
                "Latent.Studio",
                [
                    "Latent",
                    "Latent.Formats",
                    "Latent.Explorer",
                    "Latent.Images",
                    "MudBlazor",
                    "Microsoft.AspNetCore",
                    "Microsoft.AspNetCore.",
                    "Microsoft.Extensions.",
                    "Microsoft.JSInterop",
                    "Microsoft.Net.",
                ]
            },
            {
                "Latent.Cli",
                [
                    "Latent",
                    "Latent.Formats",
                    "Latent.Explorer",
                    "Latent.Images",
                    "Latent.Studio",
                    "Parquet",
                    "System.CommandLine",
                    "Spectre.Console",
                    "Spectre.Console.Ansi",
                ]
            },
        };

    public static TheoryData<string> Ours =>
        ["Latent", "Latent.Formats", "Latent.Explorer", "Latent.Hosting", "Latent.Images", "Latent.Embeddings"];

    [Theory]
    [MemberData(nameof(Allowed))]
    public void An_assembly_references_only_what_it_may(string name, string[] allowed)
    {
        string[] foreign = [.. ForeignReferences(Assembly.Load(name)).Where(used => !Array.Exists(allowed, may => Covers(may, used)))];
        Assert.Empty(foreign);

        static bool Covers(string may, string used) => used == may || (may.EndsWith('.') && used.StartsWith(may, StringComparison.Ordinal));
    }

    /// <summary>The rule can fail: this test project references packages that the library may not.</summary>
    [Fact]
    public void A_foreign_reference_is_seen() =>
        Assert.Contains("ArchUnitNET", ForeignReferences(typeof(AssemblyTests).Assembly), StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Ours))]
    public void Public_classes_are_sealed_or_abstract(string name) => Assert.Empty(Open(Assembly.Load(name).GetExportedTypes()));

    [Fact]
    public void An_open_class_is_seen() =>
        Assert.Equal(typeof(List<int>).FullName, Assert.Single(Open([typeof(List<int>), typeof(string), typeof(Stream)])));

    [Theory]
    [MemberData(nameof(Ours))]
    public void The_library_does_not_use_the_console(string name) =>
        Assert.DoesNotContain("System.Console", References(Assembly.Load(name)), StringComparer.Ordinal);

    [Fact]
    public void A_console_is_seen()
    {
        Console.Out.Flush();
        Assert.Contains("System.Console", References(typeof(AssemblyTests).Assembly), StringComparer.Ordinal);
    }

    /// <summary>No native code: nothing in the library calls out of .NET.</summary>
    [Theory]
    [InlineData("Latent")]
    [InlineData("Latent.Formats")]
    [InlineData("Latent.Explorer")]
    [InlineData("Latent.Hosting")]
    [InlineData("Latent.Embeddings")]
    public void The_library_has_no_native_calls(string name) => Assert.Empty(NativeCalls(Assembly.Load(name)));

    [Fact]
    public void A_native_call_is_seen() => Assert.NotEmpty(NativeCalls(typeof(AssemblyTests).Assembly));

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(a => a.Name!);

    /// <summary>References that are not part of .NET: their file does not lie in the runtime's folder.</summary>
    private static IEnumerable<string> ForeignReferences(Assembly assembly) =>
        References(assembly).Where(name => !File.Exists(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), name + ".dll")));

    private static IEnumerable<string?> Open(IEnumerable<Type> types) =>
        types.Where(type => type.IsClass && !type.IsSealed && !type.IsAbstract).Select(type => type.FullName);

    private static IEnumerable<MethodInfo> NativeCalls(Assembly assembly) =>
        assembly
            .GetTypes()
            .SelectMany(type =>
                type.GetMethods(
                    BindingFlags.DeclaredOnly | BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
                )
            )
            .Where(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl));

    [DllImport("c", EntryPoint = "getpid")]
    private static extern int NeverCalled();
}
