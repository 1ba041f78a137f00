namespace Latent.Bench.Sides;

/// <summary>A program that answers as a side.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="File">The program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Trains">Whether it can train; else it only runs networks forward.</param>
internal sealed record SideProgram(string Name, string File, IReadOnlyList<string> Arguments, bool Trains)
{
    public const string OursName = "Latent";

    /// <summary>This very program, as a side.</summary>
    public static SideProgram Ours { get; } = OfOurs();

    // Under "dotnet Latent.Bench.dll" the process is dotnet, else the program itself.
    private static SideProgram OfOurs()
    {
        string process = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(process) == "dotnet";
        string[] arguments = isHost ? [typeof(SideProgram).Assembly.Location, BenchOptions.SideMode] : [BenchOptions.SideMode];
        return new(OursName, process, arguments, Trains: true);
    }
}

/// <summary>A side cannot go on: the reason stands in the report in place of its numbers.</summary>
internal sealed class SideFailure(string reason) : Exception(reason);
