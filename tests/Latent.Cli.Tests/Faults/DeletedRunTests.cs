using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Faults;

/// <summary>A run folder that somebody deletes, or puts another one in the place of, while the training runs.</summary>
public sealed class DeletedRunTests(SmallRun small) : IClassFixture<SmallRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run=")]
    [InlineData("epoch=1/")]
    [InlineData("epoch=2/")]
    [InlineData("epoch=3/")]
    public void Deleted_it_is_made_again_and_complete_at_the_end(string moment)
    {
        string run = _folder["run"];
        var result = Hooked.Run(Hooked.At(moment, () => Directory.Delete(run, recursive: true)), small.Train(run, saveEvery: "1"));
        result.Ok();
        Assert.Equal("", result.Error);
        if (moment != "run=") // nothing was lost yet
            Assert.Contains($"warning: The run folder '{run}' was deleted. It is made again", result.Output);
        AssertSame(run);
    }

    [Fact]
    public void Deleted_again_and_again_at_any_moment_it_is_complete_at_the_end()
    {
        string run = _folder["run"];
        int deleted = 0;
        bool last = false;
        var random = new Random(7);
        var deleting = Task.Run(
            () =>
            {
                while (!Volatile.Read(ref last))
                    try
                    {
                        if (!RunFiles.HasState(run))
                            continue;
                        Directory.Delete(run, recursive: true);
                        deleted++;
                        Thread.Sleep(random.Next(30)); // once before anything is there again, once in the middle of it
                    }
                    catch (IOException)
                    {
                        // the training made a file meanwhile
                    }
            },
            Cancellation
        );
        var result = Hooked.Run(
            Hooked.At(
                "epoch=2/",
                () =>
                {
                    Volatile.Write(ref last, true);
                    deleting.Wait(Cancellation);
                }
            ),
            small.Train(run, saveEvery: "1")
        );
        result.Ok();
        Assert.True(deleted > 0);
        AssertSame(run);
    }

    [Fact]
    public void Stopped_right_after_it_was_deleted_it_goes_on()
    {
        string run = _folder["run"];
        using var stop = new CancellationTokenSource();
        var result = Hooked.Run(
            Hooked.At(
                "epoch=2/",
                () =>
                {
                    Directory.Delete(run, recursive: true);
                    stop.Cancel();
                }
            ),
            stop.Token,
            small.Train(run)
        );
        Assert.Equal(130, result.Code);
        Program.Run(SmallRun.Resume(run)).Ok();
        AssertSame(run);
    }

    /// <summary>Who finds a file .lock in the way may take it for a leftover.</summary>
    [Fact]
    public void Without_its_lock_it_goes_on()
    {
        string run = _folder["run"];
        var result = Hooked.Run(Hooked.At("epoch=1/", () => File.Delete(Path.Combine(run, ".lock"))), small.Train(run));
        result.Ok();
        Assert.DoesNotContain("warning", result.Output);
        small.AssertSame(run);
    }

    [Fact]
    public void A_part_of_its_files_is_written_again()
    {
        string run = _folder["run"];
        Hooked
            .Run(
                Hooked.At(
                    "epoch=2/",
                    () =>
                    {
                        foreach (string name in (string[])[".lock", "state.safetensors", "model.safetensors"])
                            File.Delete(Path.Combine(run, name));
                    }
                ),
                small.Train(run)
            )
            .Ok();
        AssertSame(run);
    }

    [Theory]
    [InlineData("--seed", "5")]
    [InlineData("--threads", "1")] // the same training once more is somebody else's too
    public void Another_run_in_its_place_is_not_touched(params string[] other)
    {
        string run = _folder["run"];
        var result = Hooked.Run(
            Hooked.At(
                "epoch=1/",
                () =>
                {
                    Directory.Delete(run, recursive: true);
                    Program.Run([.. small.Train(run), .. other]).Ok();
                }
            ),
            small.Train(run)
        );
        OneMessage.Of(result, $"The run folder '{run}' was replaced while the training ran.", "--out FOLDER");
        Program.Run([.. small.Train(_folder["other"]), .. other]).Ok();
        RunFiles.AssertSame(_folder["other"], run);
    }

    [Fact]
    public async Task Another_training_in_its_place_goes_on_unharmed()
    {
        string run = _folder["run"];
        using ManualResetEventSlim begun = new(),
            ended = new();
        Task<Result>? other = null;
        var result = Hooked.Run(
            Hooked.At(
                "epoch=1/",
                () =>
                {
                    Directory.Delete(run, recursive: true);
                    other = Task.Run(() =>
                        Hooked.Run(
                            Hooked.At(
                                "epoch=1/",
                                () =>
                                {
                                    begun.Set();
                                    ended.Wait(Cancellation);
                                }
                            ),
                            small.Train(run)
                        )
                    );
                    begun.Wait(Cancellation);
                }
            ),
            small.Train(run)
        );
        ended.Set();
        OneMessage.Of(result, $"Another training writes to '{run}'.");
        (await other!).Ok();
        small.AssertSame(run);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The state is always what counts; it also keeps the warning, which the training without a fault has not.</summary>
    private void AssertSame(string run) => RunFiles.AssertSame(small.Whole, run, "training.warnings");
}
