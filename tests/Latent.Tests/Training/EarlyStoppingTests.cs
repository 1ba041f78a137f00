using System.Text.Json;
using Latent.Engine;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Tests.Training;

public sealed class EarlyStoppingTests
{
    public static IEnumerable<TheoryDataRow<int>> Curves() =>
        GoldenFolder
            .Entries("callbacks.json")
            .Index()
            .Where(e => e.Item.GetProperty("callback").GetString() == "EarlyStopping")
            .Select(e => new TheoryDataRow<int>(e.Index));

    [GoldenTheory]
    [MemberData(nameof(Curves))]
    public void EarlyStopping_agrees_with_Keras(int index)
    {
        var entry = GoldenFolder.Entries("callbacks.json")[index];
        var options = entry.GetProperty("options");
        var callback = new EarlyStopping(options.GetProperty("patience").GetInt32())
        {
            MinDelta = options.GetProperty("min_delta").GetDouble(),
            StartFromEpoch = options.GetProperty("start_from_epoch").GetInt32(),
            RestoreBestWeights = options.GetProperty("restore_best_weights").GetBoolean(),
            Baseline = options.GetProperty("baseline") is { ValueKind: JsonValueKind.Number } baseline ? baseline.GetDouble() : null,
            Mode =
                options.TryGetProperty("mode", out var mode) && mode.ValueKind == JsonValueKind.String
                    ? Enum.Parse<MonitorMode>(mode.GetString()!, ignoreCase: true)
                    : MonitorMode.Auto,
        };
        double[] curve = GoldenFolder.Numbers(entry.GetProperty("val_loss"));

        // each epoch is one step, so that the weights say which epoch they are from
        var model = FakeSteps.Model();
        var steps = new FakeSteps(model, valLoss: e => curve[e]);
        var result = FakeSteps.Run(model, steps, 4, new() { Epochs = curve.Length, Callbacks = [callback] });

        Assert.Equal(entry.GetProperty("last_epoch").GetInt32(), result.History.Count - 1);
        Assert.Equal(entry.GetProperty("stopped_epoch").GetInt32(), callback.StoppedEpoch);
        Assert.Equal(entry.GetProperty("best_epoch").GetInt32(), callback.BestEpoch);
        Assert.Equal(entry.GetProperty("weights_of_epoch").GetDouble(), model.Weights.Values[0] - 1);
        if (result.History.Count < curve.Length)
            Assert.Equal(StopReason.Early, result.Stopped);
        Errors.Note("callbacks", nameof(EarlyStopping), $"case {index}", 0);
    }

    [Theory]
    [InlineData(MonitorMode.Min, 1)]
    [InlineData(MonitorMode.Max, 3)]
    public void Higher_is_better_where_asked(MonitorMode mode, int best)
    {
        double?[] curve = [0.5, 0.1, 0.4, 0.9, 0.8, 0.3];
        var callback = new EarlyStopping(Patience: 9) { Mode = mode };
        Run(callback, curve);
        Assert.Equal(best, callback.BestEpoch);
    }

    [Fact]
    public void Comparisons_are_made_in_float32()
    {
        double?[] curve = [0.1, 0.1 - 1e-10, 0.1 - 2e-10];
        Assert.Equal(2, Run(new EarlyStopping(Patience: 1), curve).History.Count);
    }

    [Fact]
    public void A_first_NaN_is_never_beaten()
    {
        double?[] curve = [double.NaN, 0.3, 0.2, 0.1];
        var callback = new EarlyStopping(Patience: 2);
        Assert.Equal((3, 0), (Run(callback, curve).History.Count, callback.BestEpoch));
    }

    [Fact]
    public void A_number_that_is_not_there_is_warned_of_and_never_stops()
    {
        var result = Run(new EarlyStopping { Monitor = "psnr", Mode = MonitorMode.Max }, [1, 1, 1]);
        Assert.Equal(3, result.History.Count);
        Assert.Equal(3, result.Warnings.Count);
        Assert.Contains("'psnr'", result.Warnings[0]);
        Assert.Contains("loss, val_loss", result.Warnings[0]);
    }

    [Fact]
    public void The_best_weights_come_back_after_a_training_that_was_not_stopped()
    {
        var model = FakeSteps.Model();
        double?[] curve = [0.5, 0.1, 0.4];
        var callback = new EarlyStopping(Patience: 9) { RestoreBestWeights = true };
        FakeSteps.Run(model, new(model, valLoss: e => curve[e]), 4, new() { Epochs = 3, Callbacks = [callback] });
        Assert.Equal((2f, 2, 0.1), (model.Weights.Values[0], model.Info.Epoch, model.Info.ValLoss));
    }

    [Fact]
    public void It_can_be_used_again()
    {
        var callback = new EarlyStopping(Patience: 1);
        double?[] curve = [0.1, 0.2, 0.3];
        Assert.Equal(2, Run(callback, curve).History.Count);
        Assert.Equal(2, Run(callback, [0.9, 0.9]).History.Count);
        Assert.Equal(0, callback.BestEpoch);
    }

    [Fact]
    public void Its_memory_can_be_saved_and_taken_back()
    {
        double[] curve = [0.5, 0.2, 0.3, 0.35, 0.4, 0.45];
        var model = FakeSteps.Model();
        EarlyStopping New() => new(Patience: 3) { RestoreBestWeights = true };
        var whole = New();
        var context = new TrainingContext(model, new(), null, []);
        whole.OnTrainBegin(context);
        for (int e = 0; e < 3; e++)
            End(whole, e);
        var state = new CallbackState();
        whole.SaveState(state);
        var resumed = New();
        resumed.OnTrainBegin(context);
        resumed.LoadState(state, context);
        End(whole, 3);
        End(resumed, 3);
        Assert.False(context.StopTraining);
        End(resumed, 4);
        Assert.True(context.StopTraining);
        Assert.Equal((4, 1), (resumed.StoppedEpoch, resumed.BestEpoch));
        resumed.OnTrainEnd(context);
        Assert.Equal(1, model.Weights.Values[0]);

        void End(EarlyStopping callback, int epoch)
        {
            model.Weights.Values.Fill(epoch);
            context.Epoch = epoch;
            context.Logs["val_loss"] = curve[epoch];
            callback.OnEpochEnd(context);
        }
    }

    private static TrainingResult Run(EarlyStopping callback, double?[] curve)
    {
        var model = FakeSteps.Model();
        return FakeSteps.Run(model, new(model, valLoss: e => curve[e]), 4, new() { Epochs = curve.Length, Callbacks = [callback] });
    }
}
