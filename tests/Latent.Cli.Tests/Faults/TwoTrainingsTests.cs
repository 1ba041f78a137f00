using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Faults;

/// <summary>Two trainings that want one run folder.</summary>
public sealed class TwoTrainingsTests : IDisposable
{
    private const string Refusal = "Another training writes to";

    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public TwoTrainingsTests() => _data = SmallData.Mnist(_folder["digits"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_second_is_refused_and_the_first_goes_on_unharmed()
    {
        using var first = await Stopped();
        var files = Contents(first.Run);
        Refused(first.Run);
        Assert.Equal(files, Contents(first.Run));
        first.Child.Send(Signal.Continue); // what was stopped like a job of the shell goes on as well
        (await first.Child.End()).Ok();
        AssertWhole(first);
    }

    [Fact]
    public async Task A_dead_one_keeps_nobody_out()
    {
        using var first = await Stopped();
        Refused(first.Run);
        Assert.True(await first.Child.Kill());
        Program.Run("train", "--resume", first.Run, "--no-figures").Ok();
        AssertWhole(first);
    }

    /// <summary>All at once, as processes: one trains, the others are refused, and none harms another.</summary>
    [Fact]
    public async Task Of_many_that_begin_at_once_one_trains()
    {
        string run = _folder["run"];
        string[] command = ["train", _data, "--out", run, "--overwrite", "--epochs", "4", "--no-figures"];
        Child[] children = [.. Enumerable.Range(0, 3).Select(_ => Child.Latent(command))];
        var results = await Task.WhenAll(children.Select(child => child.End()));
        foreach (var child in children)
            child.Dispose();
        Assert.Contains(results, result => result.Code == 0);
        foreach (var result in results.Where(result => result.Code != 0))
            OneMessage.Of(result, Refusal, run);
        Program.Run(["train", _data, "--out", _folder["whole"], .. command[5..]]).Ok();
        RunFiles.AssertSame(_folder["whole"], run);
    }

    private sealed record First(Child Child, string Run, int Epochs) : IDisposable
    {
        public void Dispose() => Child.Dispose();
    }

    /// <summary>A training that was stopped (SIGSTOP) after its first epoch and before its end.</summary>
    private async Task<First> Stopped()
    {
        for (int epochs = 12; ; epochs *= 2)
        {
            string run = _folder[$"run-{epochs}"];
            var child = Child.Latent("train", _data, "--out", run, "--epochs", $"{epochs}", "--no-figures");
            await child.Line("epoch=1/");
            child.Send(Signal.Stop);
            // on a busy machine it may have come to its end before it could be stopped: then it gets more to do
            if (!child.HasEnded && !child.Output.Contains("status="))
                return new(child, run, epochs);
            child.Dispose();
        }
    }

    private void Refused(string run)
    {
        OneMessage.Of(Program.Run("train", _data, "--out", run, "--overwrite", "--no-figures"), Refusal, run, "wait for it to end");
        OneMessage.Of(Program.Run("train", "--resume", run, "--no-figures"), Refusal, run, "wait for it to end");
        Assert.Contains("holds a run already", OneMessage.Of(Program.Run("train", _data, "--out", run, "--no-figures")));
    }

    private void AssertWhole(First first)
    {
        string whole = _folder["whole"];
        if (!Directory.Exists(whole))
            Program.Run("train", _data, "--out", whole, "--epochs", $"{first.Epochs}", "--no-figures").Ok();
        RunFiles.AssertSame(whole, first.Run);
    }

    private static string[] Contents(string run) =>
        [
            .. Directory
                .EnumerateFiles(run)
                .Where(file => Path.GetFileName(file) != ".lock") // nobody else can read it
                .Order(StringComparer.Ordinal)
                .Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"),
        ];
}
