using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Faults;

/// <summary>Small data and a training on it that nothing happened to, for the tests of all classes that take it.</summary>
public sealed class SmallRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallRun()
    {
        Data = SmallData.Mnist(_folder["digits"]);
        Whole = _folder["whole"];
        Program.Run(Train(Whole)).Ok();
    }

    public string Data { get; }

    /// <summary>The run folder.</summary>
    public string Whole { get; }

    /// <summary>Where trainings of the same command must end.</summary>
    internal void AssertSame(string run) => RunFiles.AssertSame(Whole, run);

    /// <summary>The command line that trains it into another folder: three epochs of four steps.</summary>
    public string[] Train(string run, string saveEvery = "3") =>
        ["train", Data, "--out", run, "--epochs", "3", "--save-every", saveEvery, "--log-steps", "--no-figures"];

    /// <summary>The command line that goes on.</summary>
    public static string[] Resume(string run) => ["train", "--resume", run, "--no-figures", "--save-every", "3"];

    public void Dispose() => _folder.Dispose();
}
