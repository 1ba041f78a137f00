using Latent.Engine;
using Latent.Models;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Tests.Training;

/// <summary>Averages of weights in a training: which weights are validated, saved and kept.</summary>
public sealed class AveragesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_training_with_averages_ends_with_them()
    {
        float[]? averages = null;
        var probe = new LambdaCallback { EpochEnd = c => averages = c.Optimizer!.Averages.ToArray() };
        var (model, result) = Train(new RMSprop { UseEma = true }, keepBest: false, probe);
        Assert.Equal(averages, model.Weights.Values.ToArray());
        Assert.Null(model.Info.ValLoss); // which was of the weights themselves
        Assert.NotEqual(result.History[^1].ValLoss!.Value, model.Evaluate(SmallMnist.Test(40)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Averages_are_validated_and_kept_and_the_training_goes_on_with_the_weights(bool swapOnEpoch)
    {
        // The same training without averages: its weights must not change.
        List<float[]> plain = [],
            swapped = [];
        Train(new Adam(), keepBest: false, Weights(plain));
        var run = RunFolder.Create(_folder["run"]);
        var (model, result) = Train(
            new Adam { UseEma = true, EmaMomentum = 0.9f },
            keepBest: true,
            Weights(swapped),
            new SwapEMAWeights(swapOnEpoch),
            new ModelCheckpoint(_folder["{epoch}.safetensors"]),
            new RunRecorder(run)
        );
        Assert.Equal(plain.Count, swapped.Count);
        for (int i = 0; i < plain.Count; i++)
            Assert.True(plain[i].AsSpan().SequenceEqual(swapped[i]), $"other weights at batch {i}");

        var test = SmallMnist.Test(40);
        Assert.Equal(result.BestValLoss!.Value, model.Evaluate(test), 1e-7);
        Assert.Equal(result.BestValLoss, model.Info.ValLoss);
        Assert.Equal(result.BestValLoss.Value, Autoencoder.Open(run.ModelPath).Evaluate(test), 1e-7);
        for (int epoch = 1; epoch <= result.History.Count; epoch++)
        {
            var saved = Autoencoder.Open(_folder[$"{epoch}.safetensors"]);
            double loss = saved.Evaluate(test),
                validated = result.History[epoch - 1].ValLoss!.Value;
            Assert.Equal(swapOnEpoch ? validated : null, saved.Info.ValLoss);
            if (swapOnEpoch)
                Assert.Equal(validated, loss, 1e-7);
            else
                Assert.NotEqual(validated, loss, 1e-5);
        }

        static LambdaCallback Weights(List<float[]> to) => new() { BatchEnd = c => to.Add(c.Model.Weights.Values.ToArray()) };
    }

    private static (Autoencoder Model, TrainingResult Result) Train(Optimizer optimizer, bool keepBest, params Callback[] callbacks)
    {
        var model = SmallMnist.Model(2);
        var options = new TrainingOptions
        {
            Optimizer = optimizer,
            Epochs = 3,
            KeepBest = keepBest,
            Callbacks = callbacks,
        };
        var result = model.Fit(SmallMnist.Train(100), SmallMnist.Test(40), options, cancellation: TestContext.Current.CancellationToken);
        return (model, result);
    }
}
