using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Faults;

/// <summary>A disk that is full at any write of a training: one message, nothing half written, and it goes on when there is room.</summary>
public sealed class FullDiskTests(SmallRun small) : IClassFixture<SmallRun>, IDisposable
{
    private const int Large = 4096;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whatever_write_finds_it_full_the_training_goes_on_when_there_is_room()
    {
        long state = Pages(RunFiles.State),
            model = Pages(RunFiles.Model),
            others = 2, // history.csv and run.json
            locked = 1;
        // the state grows by a few bytes with the history, so what is the first to fail is not known to the page
        long[] sizes =
        [
            locked,
            locked + state / 2,
            locked + state - 1,
            locked + state, // the first history or run.json
            locked + state + 1,
            locked + state + others + model / 2, // the first model
            locked + state + others + model, // the second history or run.json
            locked + state + others + model + 1,
            locked + state + others + model + state / 2, // the second state
        ];
        var failed = new HashSet<string>(StringComparer.Ordinal);
        foreach (long size in sizes)
        {
            using var disk = SmallDisk.Mount(_folder[$"disk-{size}"], size);
            failed.Add(Fails(disk["run"], Program.Run(small.Train(disk["run"], "off"))));
            disk.Resize(Large);
            GoesOn(disk["run"]);
        }
        Assert.Superset(new HashSet<string>(["state.safetensors", "history.csv", "run.json", "model.safetensors"]), failed);
    }

    [Theory]
    [InlineData("run=", 0, ".lock|state.safetensors")]
    [InlineData("epoch=1/", 0, "state.safetensors")]
    [InlineData("epoch=2/", 300, "state.safetensors")]
    [InlineData("epoch=3/", 0, "model.safetensors")]
    public void It_fills_up_while_the_training_runs(string moment, int free, string first)
    {
        using var disk = SmallDisk.Mount(_folder["disk"], Large);
        var result = Hooked.Run(Hooked.At(moment, () => disk.Fill(free)), small.Train(disk["run"]));
        Assert.Matches(first, Fails(disk["run"], result));
        // where there still is no room, going on fails in the same way and harms nothing
        if (RunFiles.HasState(disk["run"]))
            Fails(disk["run"], Program.Run(SmallRun.Resume(disk["run"])));
        disk.MakeRoom();
        GoesOn(disk["run"]);
    }

    [Fact]
    public void Pictures_for_which_there_is_no_room_are_drawn_when_there_is()
    {
        using var disk = SmallDisk.Mount(_folder["disk"], Large);
        string[] command = ["train", small.Data, "--out", disk["run"], "--epochs", "1"];
        long model = Pages(RunFiles.Model);
        string error = OneMessage.Of(Hooked.Run(Hooked.At("epoch=1/", () => disk.Fill(model + 2)), command));
        Assert.Contains($"The training is saved in '{disk["run"]}'", error);
        Assert.Contains("No space left on device", error);
        Assert.Contains($"latent train --resume {disk["run"]}", error);
        Assert.Empty(RunFiles.Temporary(disk["run"]));
        Assert.False(File.Exists(disk["run/report.html"]));
        disk.MakeRoom();
        Program.Run("train", "--resume", disk["run"]).Ok();
        Assert.True(File.Exists(disk["run/report.html"]));
        Assert.Equal(6, Directory.GetFiles(disk["run/figures"]).Length);
    }

    /// <summary>Where mounting is not allowed too. The signal that comes with it would end the process without a word.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(1.01)]
    public async Task A_limit_of_the_file_size_is_told_as_a_full_disk_is(double states)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "for Linux");
        string run = _folder["run"];
        int blocks = (int)(new FileInfo(Path.Combine(small.Whole, RunFiles.State)).Length * states / 512);
        // the runtime itself makes a large file in memory unless it is told not to
        using var child = Child.Shell(
            $"DOTNET_EnableWriteXorExecute=0; export DOTNET_EnableWriteXorExecute; ulimit -f {blocks}; exec latent \"$@\"",
            small.Train(run)
        );
        string error = OneMessage.Of(await child.End(), run, "larger than the file system or a limit");
        Assert.Empty(RunFiles.Temporary(run));
        Assert.Equal(states > 1, RunFiles.HasState(run));
        Assert.Equal(states > 1, error.Contains($"latent train --resume {run}"));
        if (states > 1)
            Program.Run(SmallRun.Resume(run)).Ok();
    }

    [Fact]
    public async Task An_output_that_is_full_from_the_start_is_told_before_anything_is_trained()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full");
        string run = _folder["run"];
        using var child = Child.Shell("exec latent \"$@\" > /dev/full", small.Train(run));
        OneMessage.Of(await child.End(), "The output cannot be written.", "No space left on device");
        Program.Run(small.Train(run)).Ok();
        small.AssertSame(run);
    }

    [Fact]
    public async Task A_log_that_fills_up_costs_the_training_nothing()
    {
        using var disk = SmallDisk.Mount(_folder["disk"], 1);
        string run = _folder["run"];
        File.WriteAllText(disk["log"], new string('-', SmallDisk.Page - 200)); // room for the first lines
        using var child = Child.Shell($"exec latent \"$@\" >> '{disk["log"]}'", small.Train(run));
        string error = OneMessage.Of(await child.End(), "No space left on device");
        Assert.Contains($"The training is saved in '{run}'", error);
        Assert.Contains($"latent train --resume {run}", error);
        Assert.Contains("run=", File.ReadAllText(disk["log"]));
        small.AssertSame(run);
    }

    private long Pages(string file) => (new FileInfo(Path.Combine(small.Whole, file)).Length + SmallDisk.Page - 1) / SmallDisk.Page;

    /// <summary>Holds the message of a training that found no room; gives the name of the file.</summary>
    private static string Fails(string run, Result result)
    {
        string error = OneMessage.Of(result, run, "No space left on device", "make room");
        Assert.Empty(RunFiles.Temporary(run));
        Assert.False(File.Exists(Path.Combine(run, ".lock")));
        Assert.Equal(RunFiles.HasState(run), error.Contains($"latent train --resume {run}"));
        const string before = "No space left on device : '";
        string path = error[(error.IndexOf(before) + before.Length)..];
        string file = Path.GetFileName(path[..path.IndexOf('\'')]);
        return file.EndsWith(".tmp", StringComparison.Ordinal) ? string.Join('.', file.Split('.')[..^3]) : file;
    }

    private void GoesOn(string run)
    {
        Program.Run(RunFiles.HasState(run) ? SmallRun.Resume(run) : small.Train(run)).Ok();
        small.AssertSame(run);
    }
}
