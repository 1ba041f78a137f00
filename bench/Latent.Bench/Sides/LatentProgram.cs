namespace Latent.Bench.Sides;

/// <summary>The program latent, as the README starts it: built in Release, run by its own name.</summary>
internal static class LatentProgram
{
    /// <summary>Builds it where that is needed.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="SideFailure">It does not build.</exception>
    public static string Build()
    {
        string project = Path.Combine(Clone.Root, "src", "Latent.Cli");
        Console.Error.WriteLine("building latent …");
        var (code, output, error) = Command.Run("dotnet", ["build", project, "-c", "Release", "-v", "quiet", "--nologo"]);
        string name = OperatingSystem.IsWindows() ? "latent.exe" : "latent";
        return code == 0
            ? Path.Combine(project, "bin", "Release", "net10.0", name)
            : throw new SideFailure($"it does not build: {(output + error).Trim()}");
    }
}
