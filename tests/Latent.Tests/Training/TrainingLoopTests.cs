using Latent.Engine;
using Latent.Models;
using Latent.Training;

namespace Latent.Tests.Training;

/// <summary>The loop around the steps, with steps of its own.</summary>
public sealed class TrainingLoopTests
{
    private readonly Autoencoder _model = FakeSteps.Model();

    [Theory]
    [InlineData(false, new[] { 4, 4, 2 })]
    [InlineData(true, new[] { 4, 4 })]
    public void Each_image_is_seen_once_an_epoch_and_partial_batches_are_dropped_where_asked(bool drop, int[] sizes)
    {
        var steps = new FakeSteps(_model);
        FakeSteps.Run(
            _model,
            steps,
            10,
            new()
            {
                BatchSize = 4,
                Epochs = 2,
                DropRemainder = drop,
            }
        );
        Assert.Equal([.. sizes, .. sizes], steps.Batches.Select(b => b.Length));
        int[] epoch = [.. steps.Batches.Take(sizes.Length).SelectMany(b => b)];
        Assert.Equal(epoch.Length, epoch.Distinct().Count());
        Assert.All(epoch, row => Assert.InRange(row, 0, 9));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_set_smaller_than_a_batch_is_one_batch(bool drop)
    {
        var steps = new FakeSteps(_model);
        FakeSteps.Run(
            _model,
            steps,
            3,
            new()
            {
                BatchSize = 64,
                Epochs = 2,
                DropRemainder = drop,
            }
        );
        Assert.Equal([3, 3], steps.Batches.Select(b => b.Length));
    }

    [Fact]
    public void The_order_depends_on_the_seed_and_the_epoch_alone()
    {
        int[][] Orders(long seed, int epochs)
        {
            var steps = new FakeSteps(_model);
            FakeSteps.Run(
                _model,
                steps,
                100,
                new()
                {
                    BatchSize = 100,
                    Epochs = epochs,
                    Seed = seed,
                }
            );
            return [.. steps.Batches];
        }
        var three = Orders(1, 3);
        Assert.Equal(three[..2], Orders(1, 2));
        Assert.NotEqual(three[0], three[1]);
        Assert.NotEqual(three[0], Orders(2, 1)[0]);
        int[] third = [.. Enumerable.Range(0, 100)];
        new RandomStream(1, "shuffle/2").Shuffle<int>(third);
        Assert.Equal(third, three[2]);
    }

    [Fact]
    public void Without_shuffling_rows_come_in_their_order()
    {
        var steps = new FakeSteps(_model);
        FakeSteps.Run(
            _model,
            steps,
            7,
            new()
            {
                BatchSize = 3,
                Epochs = 2,
                Shuffle = false,
            }
        );
        Assert.Equal([.. Enumerable.Range(0, 7), .. Enumerable.Range(0, 7)], steps.Batches.SelectMany(b => b));
    }

    [Fact]
    public void The_epochs_loss_is_weighted_with_the_batch_sizes()
    {
        var steps = new FakeSteps(_model, step => step);
        var result = FakeSteps.Run(_model, steps, 10, new() { BatchSize = 4, LogSteps = true });
        Assert.Equal((1 * 4 + 2 * 4 + 3 * 2) / 10.0, result.History[0].Loss);
        Assert.Equal([1.0, 2.0, 3.0], result.StepLosses);
        Assert.Null(result.History[0].ValLoss);
        Assert.Equal(StopReason.Finished, result.Stopped);
    }

    [Fact]
    public void Steps_end_within_an_epoch_validate_and_set_the_schedules_length()
    {
        var schedule = new LinearSchedule();
        var steps = new FakeSteps(_model, valLoss: _ => 0.5);
        var result = FakeSteps.Run(
            _model,
            steps,
            10,
            new()
            {
                BatchSize = 2,
                Epochs = 1,
                Steps = 7,
                Schedule = schedule,
            }
        );
        Assert.Equal(7, steps.Batches.Count);
        Assert.Equal([.. Enumerable.Range(0, 7).Select(t => schedule.Factor(t, 7))], steps.Factors);
        Assert.Equal(2, result.History.Count);
        Assert.Equal(2, steps.Evaluations);
        Assert.Equal(StopReason.Finished, result.Stopped);
    }

    [Fact]
    public void Callbacks_are_called_in_Kerass_order()
    {
        var calls = new List<string>();
        Callback Named(string name) =>
            new LambdaCallback
            {
                TrainBegin = _ => calls.Add($"{name} train begin"),
                EpochBegin = c => calls.Add($"{name} epoch {c.Epoch} begin"),
                BatchBegin = c => calls.Add($"{name} batch {c.Batch} begin"),
                BatchEnd = c => calls.Add($"{name} batch {c.Batch} end {c.Logs["loss"]}"),
                ValidationBegin = _ => calls.Add($"{name} validation begin"),
                ValidationEnd = c => calls.Add($"{name} validation end {c.Logs["val_loss"]}"),
                EpochEnd = c => calls.Add($"{name} epoch {c.Epoch} end {string.Join(' ', c.Logs.Keys.Order(StringComparer.Ordinal))}"),
                TrainEnd = _ => calls.Add($"{name} train end"),
            };
        var steps = new FakeSteps(_model, valLoss: _ => 1);
        FakeSteps.Run(
            _model,
            steps,
            2,
            new()
            {
                BatchSize = 1,
                Epochs = 1,
                Callbacks = [Named("a"), Named("b")],
            }
        );
        string[] each =
        [
            "train begin",
            "epoch 0 begin",
            "batch 0 begin",
            "batch 0 end 1",
            "batch 1 begin",
            "batch 1 end 1",
            "validation begin",
            "validation end 1",
            "epoch 0 end loss val_loss",
            "train end",
        ];
        Assert.Equal([.. each.SelectMany(call => new[] { $"a {call}", $"b {call}" })], calls);
    }

    [Fact]
    public void What_a_callback_adds_is_seen_by_the_next_and_stands_in_the_history()
    {
        double seen = 0;
        var options = new TrainingOptions
        {
            Callbacks =
            [
                new LambdaCallback { EpochEnd = c => c.Logs["psnr"] = 30 },
                new LambdaCallback { EpochEnd = c => seen = c.History[^1].Metrics["psnr"] + c.Logs["psnr"] },
            ],
        };
        var result = FakeSteps.Run(_model, new FakeSteps(_model), 5, options);
        Assert.Equal(60, seen);
        Assert.Equal(30, result.History[0].Metrics["psnr"]);
    }

    [Theory]
    [InlineData(true, 2, 2f)]
    [InlineData(false, 2, 4f)]
    public void The_best_epochs_weights_are_kept_where_asked(bool keep, int bestEpoch, float weight)
    {
        double?[] curve = [0.5, 0.3, 0.3, 0.4];
        var result = FakeSteps.Run(
            _model,
            new FakeSteps(_model, valLoss: e => curve[e]),
            4,
            new()
            {
                BatchSize = 4,
                Epochs = 4,
                KeepBest = keep,
            }
        );
        Assert.Equal((bestEpoch, 0.3), (result.BestEpoch, result.BestValLoss));
        Assert.All(_model.Weights.Values.ToArray(), value => Assert.Equal(weight, value));
        Assert.Equal(((int)weight, curve[(int)weight - 1]), (_model.Info.Epoch!.Value, _model.Info.ValLoss));
    }

    [Fact]
    public void A_NaN_is_never_the_best()
    {
        double?[] curve = [double.NaN, 0.3, double.NaN];
        var options = new TrainingOptions { Epochs = 3, KeepBest = true };
        var result = FakeSteps.Run(_model, new FakeSteps(_model, valLoss: e => curve[e]), 4, options);
        Assert.Equal((2, 0.3), (result.BestEpoch, result.BestValLoss));
    }

    [Fact]
    public void Cancelling_ends_after_the_step_and_keeps_the_best()
    {
        using var source = new CancellationTokenSource();
        var ends = new List<string>();
        var options = new TrainingOptions
        {
            BatchSize = 1,
            Epochs = 5,
            KeepBest = true,
            Callbacks =
            [
                new LambdaCallback
                {
                    BatchEnd = c =>
                    {
                        if (c is { Epoch: 2, Batch: 1 })
                            source.Cancel();
                    },
                    EpochEnd = c => ends.Add($"epoch {c.Epoch}"),
                    TrainEnd = _ => ends.Add("train"),
                },
            ],
        };
        double?[] curve = [0.2, 0.4];
        var steps = new FakeSteps(_model, valLoss: e => curve[e]);
        var result = FakeSteps.RunUntil(_model, steps, 4, options, source.Token);
        Assert.Equal(StopReason.Cancelled, result.Stopped);
        Assert.Equal(["epoch 0", "epoch 1", "train"], ends);
        Assert.Equal((10L, 2, 1), (result.Steps, result.History.Count, result.BestEpoch));
        Assert.Equal(4, _model.Weights.Values[0]);
    }

    [Fact]
    public void Cancelling_before_the_first_step_still_gives_a_result()
    {
        var result = FakeSteps.RunUntil(_model, new FakeSteps(_model), 4, new() { KeepBest = true }, new(canceled: true));
        Assert.Equal((StopReason.Cancelled, 0L, 0), (result.Stopped, result.Steps, result.BestEpoch));
        Assert.Null(_model.Info.Epoch);
    }

    [Fact]
    public void A_stop_within_a_batch_ends_the_epoch_there_with_its_validation()
    {
        var options = new TrainingOptions
        {
            BatchSize = 1,
            Epochs = 3,
            Callbacks = [new TerminateOnNaN()],
        };
        var steps = new FakeSteps(_model, step => step == 2 ? double.PositiveInfinity : 1, _ => 1);
        var result = FakeSteps.Run(_model, steps, 4, options);
        Assert.Equal(StopReason.NotANumber, result.Stopped);
        Assert.Equal((2, 1, 1), (steps.Batches.Count, steps.Evaluations, result.History.Count));
        Assert.Contains("step 2 of epoch 1", Assert.Single(result.Warnings));
    }
}
