using Latent.Engine;
using Latent.Models;
using Latent.Training;

namespace Latent.Tests.Training;

/// <summary>What a training reports of itself, on a clock that the test moves.</summary>
public sealed class ProgressReporterTests
{
    private const int Batch = 10;
    private readonly Autoencoder _model = FakeSteps.Model();

    /// <summary>All reports of a training whose steps take the milliseconds given.</summary>
    private Reports Run(int steps, Func<long, int> milliseconds, int epochs = 1)
    {
        var clock = new StepClock(TimeSpan.FromMilliseconds(1));
        var reports = new Reports();
        var fake = new FakeSteps(
            _model,
            step =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(milliseconds(step)));
                return 1;
            },
            _ => 0.5
        );
        FakeSteps.Run(
            _model,
            fake,
            steps * Batch,
            new()
            {
                BatchSize = Batch,
                Epochs = epochs,
                Clock = clock,
            },
            reports
        );
        return reports;
    }

    [Fact]
    public void Reports_come_at_epoch_ends_and_after_the_20th_step_with_an_estimate()
    {
        var reports = Run(30, _ => 10, epochs: 2);
        Assert.True(reports.Count < 20, $"{reports.Count} reports");
        Assert.All(reports.Where(r => r.TotalStep < 20), r => Assert.Null(r.Remaining));
        var twentieth = Assert.Single(reports, r => r.TotalStep == 20);
        Assert.InRange(twentieth.Remaining!.Value.TotalSeconds, 0.4, 1.2);
        Assert.InRange(twentieth.ImagesPerSecond, 500, 1000);
        Assert.Equal([1, 2], reports.Where(r => r.Completed is not null).Select(r => r.Completed!.Epoch));
        Assert.Equal((60L, TimeSpan.Zero, 0.5), (reports[^1].TotalStep, reports[^1].Remaining!.Value, reports[^1].BestValLoss!.Value));
    }

    [Fact]
    public void The_first_estimate_is_the_median_of_the_last_steps()
    {
        // slow at the start, and one slow step among the last
        var twentieth = Assert.Single(
            Run(
                1000,
                step =>
                    step < 12 ? 200
                    : step == 17 ? 500
                    : 10
            ),
            r => r.TotalStep == 20
        );
        Assert.InRange(twentieth.ImagesPerSecond, 900, 1000);
        Assert.InRange(twentieth.Remaining!.Value.TotalSeconds, 9.8, 15);
    }

    [Fact]
    public void A_pause_does_not_stand_for_the_pace()
    {
        var reports = Run(1500, step => step == 400 ? 10_000 : 10);
        var inEpoch = reports.Where(r => r.Completed is null && r.TotalStep > 20).ToList();
        Assert.All(inEpoch, r => Assert.InRange(r.ImagesPerSecond, 500, 1050));
        Assert.All(inEpoch.Where(r => r.TotalStep is > 20 and < 400 or > 1200), r => Assert.InRange(r.ImagesPerSecond, 900, 1050));
    }

    [Fact]
    public void A_machine_that_becomes_slow_is_followed()
    {
        var reports = Run(600, step => step < 400 ? 10 : 500);
        Assert.InRange(reports.Last(r => r.Completed is null).ImagesPerSecond, 19, 25);
    }

    [Fact]
    public void An_epochs_last_report_has_the_epochs_own_pace()
    {
        var reports = Run(100, step => step <= 100 ? 40 : 10, epochs: 2);
        double[] paces = [.. reports.Where(r => r.Completed is not null).Select(r => r.ImagesPerSecond)];
        Assert.Equal(2, paces.Length);
        Assert.InRange(paces[0], 240, 251);
        Assert.InRange(paces[1], 900, 1000);
    }

    /// <summary>A clock that moves by a little each time it is read, and by more when told.</summary>
    private sealed class StepClock(TimeSpan tick) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _now += time.Ticks;

        public override long GetTimestamp() => _now += tick.Ticks / 10;
    }
}
