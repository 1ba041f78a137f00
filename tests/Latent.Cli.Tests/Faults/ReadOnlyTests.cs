using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Faults;

/// <summary>
/// A folder that may not be written to: by its permissions, or for root, whom these do not hold back, by its mount.
/// </summary>
public sealed class ReadOnlyTests(SmallRun small) : IClassFixture<SmallRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_told_before_anything_is_trained()
    {
        string parent = Directory.CreateDirectory(_folder["parent"]).FullName,
            run = Path.Combine(parent, "run");
        using (new ReadOnly(parent))
        {
            var result = Program.Run(small.Train(run));
            OneMessage.Of(result, $"The run folder '{run}' cannot be written.", "choose another folder for the run");
            Assert.Equal("", result.Output);
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(parent));
        Program.Run(small.Train(run)).Ok();
        small.AssertSame(run);
    }

    [Theory]
    [InlineData("run=")]
    [InlineData("epoch=1/")]
    [InlineData("epoch=3/")]
    public void It_becomes_so_while_the_training_runs(string moment)
    {
        string run = _folder["run"];
        ReadOnly? closed = null;
        try
        {
            var result = Hooked.Run(
                Hooked.At(
                    moment,
                    () =>
                    {
                        Directory.CreateDirectory(run);
                        closed = new ReadOnly(run);
                    }
                ),
                small.Train(run)
            );
            string error = OneMessage.Of(result, $"The run folder '{run}' cannot be written");
            Assert.Equal(RunFiles.HasState(run), error.Contains($"latent train --resume {run}"));
            if (RunFiles.HasState(run))
                OneMessage.Of(Program.Run(SmallRun.Resume(run)), $"The run folder '{run}' cannot be written.");
        }
        finally
        {
            closed?.Dispose();
        }
        Assert.Empty(RunFiles.Temporary(run));
        Program.Run(RunFiles.HasState(run) ? SmallRun.Resume(run) : small.Train(run)).Ok();
        small.AssertSame(run);
    }

    /// <summary>Pictures are only read here.</summary>
    [Fact]
    public void Its_model_can_be_used()
    {
        string run = _folder["run"];
        Program.Run(small.Train(run)).Ok();
        using var closed = new ReadOnly(run);
        Program.Run("reconstruct", run, small.Data, "--out", _folder["images.png"]).Ok();
        OneMessage.Of(Program.Run("show", run), run);
    }

    /// <summary>A folder that cannot be written to until it is disposed. What lies in it can be read.</summary>
    private sealed class ReadOnly : IDisposable
    {
        private readonly string _folder;
        private readonly bool _mounted;

        public ReadOnly(string folder)
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "for Linux");
            _folder = folder;
            if (Environment.IsPrivilegedProcess)
            {
                // laid over the folder: what is open in it stays open, and is not touched
                SmallDisk.SkipUnless("mount", "--bind", folder, folder);
                _mounted = true;
                SmallDisk.Must("mount", "-o", "remount,bind,ro", folder);
            }
            else
                SmallDisk.Must("chmod", "u-w", folder);
        }

        public void Dispose()
        {
            if (_mounted)
                SmallDisk.Must("umount", "--lazy", _folder);
            else
                SmallDisk.Must("chmod", "u+w", _folder);
        }
    }
}
