using System.Text.Json;
using Latent.Engine;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Tests.Training;

public sealed class ReduceLROnPlateauTests
{
    public static IEnumerable<TheoryDataRow<int>> Plateaus() =>
        GoldenFolder
            .Entries("callbacks.json")
            .Index()
            .Where(e => e.Item.GetProperty("callback").GetString() == "ReduceLROnPlateau")
            .Select(e => new TheoryDataRow<int>(e.Index));

    [GoldenTheory]
    [MemberData(nameof(Plateaus))]
    public void ReduceLROnPlateau_agrees_with_Keras(int index)
    {
        var entry = GoldenFolder.Entries("callbacks.json")[index];
        var options = entry.GetProperty("options");
        var callback = new ReduceLROnPlateau(Number("factor", 0.1), (int)Number("patience", 10))
        {
            MinDelta = Number("min_delta", 1e-4),
            Cooldown = (int)Number("cooldown", 0),
            MinLearningRate = Number("min_lr", 0),
            Mode =
                options.TryGetProperty("mode", out var mode) && mode.ValueKind == JsonValueKind.String
                    ? Enum.Parse<MonitorMode>(mode.GetString()!, ignoreCase: true)
                    : MonitorMode.Auto,
        };
        double[] curve = GoldenFolder.Numbers(entry.GetProperty("val_loss"));
        double[] expected = GoldenFolder.Numbers(entry.GetProperty("learning_rate_after"));
        // The file does not say with which rate the training began, but the first epoch never lowers it: it is the best so far.
        float start = (float)expected[0];
        var rates = new List<double>();

        var model = FakeSteps.Model();
        var steps = new FakeSteps(model, valLoss: e => curve[e]);
        var result = FakeSteps.Run(
            model,
            steps,
            4,
            new()
            {
                Epochs = expected.Length,
                Optimizer = new SGD(start),
                Callbacks = [callback, new LambdaCallback { EpochEnd = c => rates.Add(c.BaseLearningRate) }],
            }
        );

        Assert.Equal(expected, rates);
        // the steps of an epoch take the rate that the epoch before left, and the history has it
        Assert.Equal([start, .. expected[..^1].Select(rate => (float)rate)], steps.Factors.Select(factor => (float)(start * factor)));
        Assert.Equal([start, .. expected[..^1]], result.History.Select(e => e.LearningRate));

        double Number(string option, double otherwise) =>
            options.TryGetProperty(option, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : otherwise;
    }
}
