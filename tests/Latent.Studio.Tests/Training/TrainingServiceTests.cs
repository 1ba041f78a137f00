using System.Diagnostics;
using Latent.Models;
using Latent.Networks;
using Latent.Studio.Training;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Studio.Tests.Training;

/// <summary>The studio's training, on real digits, from the call to the files.</summary>
public sealed class TrainingServiceTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(180);

    private readonly TemporaryFolder _folder = new();
    private readonly TrainingService _service;

    public TrainingServiceTests()
    {
        FewDigits.Write(_folder["digits"]);
        _service = new(_folder["runs"]);
    }

    private TrainingRequest Request =>
        new()
        {
            Data = _folder["digits"],
            Latent = 2,
            Epochs = 3,
        };

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_training_comes_to_what_the_library_gives_and_leaves_all_that_a_run_has()
    {
        _service.Start(Request with { Seed = 5, Name = "mine" });
        await Idle();
        var status = _service.Status;
        Assert.Equal((TrainingPhase.Finished, "mine", _folder["runs/mine"]), (status.Phase, status.Run, status.RunPath));
        Assert.Null(status.Error);
        Assert.Equal(3, status.History.Length);
        Assert.Equal([0, 1, 2, 3], status.Snapshots);
        Assert.True(status.HasFinalSnapshot && status.HasReport && !status.IsBusy && !status.CanResume);
        Assert.NotEmpty(status.Steps.Epochs);
        Assert.Equal(status.History.MinBy(e => e.ValLoss)!.Epoch, status.BestEpoch);
        Assert.Equal((640, 200, 2), (status.Subject!.TrainImages, status.Subject.TestImages, status.Subject.Latent));
        var run = RunFolder.Open(status.RunPath!);
        Assert.True(File.Exists(run.ReportPath) && Directory.GetFiles(run.FiguresPath).Length > 3);
        Assert.Equal("finished", run.ReadInfo().Status);

        var data = Latent.Data.DataSets.Open(_folder["digits"]);
        var model = new Autoencoder(Article.Encoder(2), Article.Decoder(2), 5);
        var options = Recipes.Fast(2) with { Epochs = 3, Seed = 5, Callbacks = [new TerminateOnNaN()] };
        model.Fit(data.Train, data.Test, options, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(model.Weights.Values.ToArray(), Autoencoder.Open(run.Path).Weights.Values.ToArray());
    }

    [Fact]
    public async Task Paused_and_resumed_it_comes_to_the_same_bits()
    {
        var request = Request with { Epochs = 40 };
        _service.Start(request with { Name = "paused" });
        await Until(status => status.History.Length >= 2);
        _service.Pause();
        await Idle();
        var paused = _service.Status;
        Assert.Equal(TrainingPhase.Paused, paused.Phase);
        Assert.True(paused.CanResume && !paused.IsBusy && !paused.HasReport);
        Assert.InRange(paused.History.Length, 2, 39);
        _service.Resume();
        await Idle();
        Assert.Equal(TrainingPhase.Finished, _service.Status.Phase);
        Assert.Equal(40, _service.Status.History.Length);
        Assert.True(_service.Status.Steps.Epochs.Length > paused.Steps.Epochs.Length);
        Assert.Equal(_service.Status.Steps.Epochs.Order(), _service.Status.Steps.Epochs);
        _service.Start(request with { Name = "whole" });
        await Idle();
        Assert.Equal(
            Autoencoder.Open(_folder["runs/whole"]).Weights.Values.ToArray(),
            Autoencoder.Open(_folder["runs/paused"]).Weights.Values.ToArray()
        );
    }

    [Fact]
    public async Task Stopped_it_has_pictures_and_can_go_on_in_another_studio()
    {
        _service.Start(Request with { Epochs = 400, Name = "stopped" });
        await Until(status => status.History.Length >= 1);
        _service.Stop();
        await Idle();
        var status = _service.Status;
        Assert.Equal(TrainingPhase.Stopped, status.Phase);
        Assert.True(status.HasReport && status.CanResume);
        Assert.Equal("cancelled", RunFolder.Open(status.RunPath!).ReadInfo().Status);
        Assert.Empty(_service.Interrupted()); // it is the one that the page shows
        await using var other = new TrainingService(_folder["runs"]);
        var found = Assert.Single(other.Interrupted());
        Assert.Equal(("stopped", 400, 2, false), (found.Name, found.Epochs, found.Latent, found.WasKilled));
        Assert.Equal(status.History.Length, found.Done);
        other.Resume("stopped");
        await Until(s => s.History.Length > status.History.Length, other);
        other.Pause();
        await other.WhenIdle().WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.Equal(TrainingPhase.Paused, other.Status.Phase);
        other.Stop();
        await other.WhenIdle().WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.Equal((TrainingPhase.Stopped, true), (other.Status.Phase, other.Status.HasReport));
    }

    [Fact]
    public async Task There_is_one_training_at_a_time()
    {
        _service.Start(Request with { Epochs = 400, Name = "first" });
        await Until(status => status.Phase == TrainingPhase.Running);
        var refused = Assert.Throws<LatentException>(() => _service.Start(Request));
        Assert.StartsWith("Another training is running: first.", refused.Message, StringComparison.Ordinal);
        Assert.Throws<LatentException>(() => _service.Resume());
        _service.Pause();
        await Idle();
        _service.Start(Request with { Epochs = 1 });
        await Idle();
        Assert.Equal((TrainingPhase.Finished, "digits-z2"), (_service.Status.Phase, _service.Status.Run));
    }

    [Fact]
    public async Task The_studios_end_saves_the_training()
    {
        _service.Start(Request with { Epochs = 400, Name = "left" });
        await Until(status => status.History.Length >= 1);
        await _service.DisposeAsync();
        int done = _service.Status.History.Length;
        using (var saved = SavedTraining.Open(_folder["runs/left"]))
            Assert.True(saved.Steps > 0 && saved.History.Count == done);
        Assert.Throws<ObjectDisposedException>(() => _service.Start(Request));
        await using var other = new TrainingService(_folder["runs"]);
        Assert.Equal("left", Assert.Single(other.Interrupted()).Name);
    }

    [Fact]
    public async Task A_run_that_another_process_trains_is_said_to_be()
    {
        _service.Start(Request with { Epochs = 400, Name = "locked" });
        await Until(status => status.History.Length >= 1);
        _service.Pause();
        await Idle();
        using var held = SavedTraining.Open(_folder["runs/locked"]);
        _service.Resume();
        await Idle();
        Assert.Equal(TrainingPhase.Failed, _service.Status.Phase);
        Assert.StartsWith("Another training writes to ", _service.Status.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_goes_wrong_is_one_message_and_nothing_stays_behind()
    {
        _service.Start(Request with { LearningRate = 1e30, Name = "diverges" });
        await Idle();
        Assert.Equal(TrainingPhase.Failed, _service.Status.Phase);
        Assert.Contains("the training diverged", _service.Status.Error, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder["digits"], "train-labels-idx1-ubyte"), "cut");
        await using var other = new TrainingService(_folder["runs"]);
        other.Start(Request with { Name = "damaged" });
        await other.WhenIdle().WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.Equal(TrainingPhase.Failed, other.Status.Phase);
        Assert.Contains("train-labels-idx1-ubyte", other.Status.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder["runs/damaged"]));
        Assert.Throws<LatentException>(() => other.Start(Request with { Epochs = 0 }));
    }

    [Theory]
    [InlineData("../elsewhere")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("nothing")]
    public void A_name_is_looked_for_and_never_a_path(string name)
    {
        Directory.CreateDirectory(_folder["runs"]);
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.WriteAllText(_folder["elsewhere/run.json"], "{}");
        Assert.StartsWith(
            "There is no run ",
            Assert.Throws<LatentException>(() => _service.Resume(name)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Pages_are_told_ten_times_a_second_at_most_and_of_the_end()
    {
        var told = new List<(long At, TrainingPhase Phase)>();
        _service.Changed += (_, _) =>
        {
            lock (told)
                told.Add((Stopwatch.GetTimestamp(), _service.Status.Phase));
        };
        _service.Start(Request with { Epochs = 30 });
        await Idle();
        await Task.Delay(3 * TrainingService.Between, TestContext.Current.CancellationToken);
        lock (told)
        {
            Assert.Equal(TrainingPhase.Finished, told[^1].Phase);
            // a timer may be late, and the next call then comes sooner after it: over all of them the rate holds
            double seconds = Stopwatch.GetElapsedTime(told[0].At, told[^1].At).TotalSeconds;
            Assert.InRange(told.Count, 2, 2 + 10 * seconds);
        }
    }

    private Task Idle() => _service.WhenIdle().WaitAsync(s_patience, TestContext.Current.CancellationToken);

    private async Task Until(Func<TrainingStatus, bool> reached, TrainingService? service = null)
    {
        service ??= _service;
        var since = Stopwatch.StartNew();
        while (!reached(service.Status))
        {
            Assert.True(since.Elapsed < s_patience, $"not reached: {service.Status}");
            Assert.NotEqual(TrainingPhase.Failed, service.Status.Phase);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
