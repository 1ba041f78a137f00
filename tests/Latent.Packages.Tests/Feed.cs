using System.Globalization;
using Latent.Packages.Tests;

[assembly: AssemblyFixture(typeof(Feed))]

namespace Latent.Packages.Tests;

/// <summary>All packages, packed once, in a folder that serves as a feed; and new projects that know nothing but this feed.</summary>
public sealed class Feed : IDisposable
{
    private static readonly string[] s_projects =
    [
        "Latent",
        "Latent.Formats",
        "Latent.Explorer",
        "Latent.Hosting",
        "Latent.Images",
        "Latent.Embeddings",
        "Latent.Cli",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task> _packed;

    public Feed() => _packed = new(PackAsync);

    /// <summary>What is packed.</summary>
    public static IReadOnlyList<string> Projects => s_projects;

    /// <summary>The packages' version: one that no cache can have.</summary>
    public string Version { get; } =
        string.Create(
            CultureInfo.InvariantCulture,
            $"0.1.{(long)(TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds}"
        );

    /// <summary>The folder of the packages.</summary>
    public string Path => _folder["feed"];

    /// <summary>The configuration that these tests were built with, so that what is packed was built already.</summary>
    public static string Configuration => AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>The file of a package, when all are there.</summary>
    public async Task<string> FileOf(string project)
    {
        await _packed.Value;
        return System.IO.Path.Combine(Path, $"{project}.{Version}.nupkg");
    }

    /// <summary>A folder with a new project: this program, these packages of the feed, and what else its file says.</summary>
    public async Task<string> NewProject(string name, string program, string[] packages, string properties = "")
    {
        await _packed.Value;
        string folder = Directory.CreateDirectory(_folder[name]).FullName;
        string references = string.Concat(packages.Select(package => $"""<PackageReference Include="{package}" Version="{Version}" />"""));
        Write(
            $"{name}.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <InvariantGlobalization>true</InvariantGlobalization>
                <RestorePackagesPath>packages</RestorePackagesPath>
                <RestoreFallbackFolders>{Cache}</RestoreFallbackFolders>
                <NuGetAudit>false</NuGetAudit>
                {properties}
              </PropertyGroup>
              <ItemGroup>{references}</ItemGroup>
            </Project>
            """
        );
        Write("Program.cs", program);
        Write("nuget.config", Settings);
        return folder;

        void Write(string file, string text) => File.WriteAllText(System.IO.Path.Combine(folder, file), text);
    }

    /// <summary>The settings of NuGet that know nothing but the feed, as a file.</summary>
    public string SettingsFile()
    {
        File.WriteAllText(_folder["nuget.config"], Settings);
        return _folder["nuget.config"];
    }

    public void Dispose() => _folder.Dispose();

    // What others have made is taken from where this machine has it already.
    private static string Cache =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private string Settings =>
        $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="feed" value="{Path}" />
              </packageSources>
            </configuration>
            """;

    private async Task PackAsync()
    {
        string projects = string.Join(
            ';',
            s_projects.Select(project => System.IO.Path.Combine(Repository.Root, "src", project, $"{project}.csproj"))
        );
        string properties = $"Configuration={Configuration};NoBuild=true;PackageOutputPath={Path};PackageVersion={Version}";
        await File.WriteAllTextAsync(
            _folder["pack.proj"],
            $"""
            <Project>
              <ItemGroup><Packed Include="{projects}" /></ItemGroup>
              <Target Name="Pack"><MSBuild Projects="@(Packed)" Targets="Pack" BuildInParallel="true" Properties="{properties}" /></Target>
            </Project>
            """
        );
        (await Dotnet.Run(_folder.Path, "msbuild", "pack.proj", "-t:Pack", "-m", "-v:quiet")).Ok();
    }
}
