using Latent.Data;
using Latent.Engine;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Formats.Tests.Keras;

/// <summary>Trainings that begin with the weights, and go on with the optimizer, of a file of Keras.</summary>
public sealed class TrainingTests : IDisposable
{
    private const int Steps = 100,
        Batch = 64;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Golden(string name) => Path.Combine(Repository.Root, "tests", "golden", "golden", name);

    /// <summary>The memory after the hundred steps that Keras and Latent made from the same weights: both are in files of Keras.</summary>
    [Fact]
    public void The_optimizers_memory_is_that_of_the_same_steps_here()
    {
        var start = KerasModel.Open(Golden("z10_init.h5"));
        var end = KerasModel.Open(Golden("z10_step100.h5"));
        Assert.Equal(0, start.OptimizerState!.Steps);
        Assert.Equal(Steps, end.OptimizerState!.Steps);
        Assert.Equal(new RMSprop(3e-4f), end.Optimizer);
        Assert.IsType<MeanSquaredError>(end.Loss);
        var same = KerasModel.Open(Golden("z10_step100.keras")); // in which the optimizer has only its name
        Assert.Equal(end.Optimizer, same.Optimizer);
        Assert.Equal(end.OptimizerState.Steps, same.OptimizerState!.Steps);
        Assert.Equal(end.OptimizerState.Slot("velocity"), same.OptimizerState.Slot("velocity"));

        var model = start.ToAutoencoder();
        var train = Mnist.Load(Repository.Mnist).Train.Take(Steps * Batch);
        using var program = new TrainingProgram(model.Weights, start.Loss!, start.Optimizer!);
        program.Optimizer.CopyFrom(start.OptimizerState);
        for (int step = 0; step < Steps; step++)
            program.Step(train, [.. Enumerable.Range(step * Batch, Batch)]);

        // how far Keras is from itself after as many steps, with one thread or two, is 5e-4 in the weights
        Near.Absolute(end.Weights.Values, model.Weights.Values, 3e-3, "weights");
        foreach (var parameter in model.Weights.Layout.Parameters)
            Near.Norm(
                end.OptimizerState.Slot("velocity").Slice(parameter.Offset, parameter.Count),
                program.Optimizer.Slot("velocity").Slice(parameter.Offset, parameter.Count),
                5e-2,
                parameter.Name
            );
    }

    /// <summary>Sixty steps, out to a file of Keras and in again, forty more: the bits of a hundred.</summary>
    [Fact]
    public void A_training_through_a_file_is_the_same_training()
    {
        var train = Mnist.Load(Repository.Mnist).Train.Take(10 * Batch);
        var options = new TrainingOptions
        {
            Optimizer = new Adam(),
            Shuffle = false,
            BatchSize = Batch,
        };
        var whole = KerasModel.Open(Golden("z10_init.keras")).ToAutoencoder();
        whole.Fit(train, null, options with { Steps = 10 }, cancellation: Token);

        var half = KerasModel.Open(Golden("z10_init.keras")).ToAutoencoder();
        OptimizerState? memory = null;
        var keep = new LambdaCallback { TrainEnd = context => memory = context.Optimizer };
        half.Fit(train, null, options with { Steps = 6, Callbacks = [keep] }, cancellation: Token);
        KerasModel.Save(_folder["half.keras"], half, optimizer: memory, loss: options.Loss);

        var keras = KerasModel.Open(_folder["half.keras"]);
        var model = keras.ToAutoencoder();
        var rest = train.Slice(6 * Batch, 4 * Batch);
        model.Fit(
            rest,
            null,
            options with
            {
                Steps = 4,
                Optimizer = keras.Optimizer!,
                OptimizerState = keras.OptimizerState,
            },
            cancellation: Token
        );
        Assert.Equal(whole.Weights.Values, model.Weights.Values);
    }

    [Fact]
    public void A_memory_of_another_optimizer_is_refused()
    {
        var keras = KerasModel.Open(Golden("z10_step100.keras"));
        var images = Mnist.Load(Repository.Mnist).Train.Take(Batch);
        var e = Assert.Throws<LatentException>(() =>
            keras
                .ToAutoencoder()
                .Fit(images, null, new() { Optimizer = new Adam(), OptimizerState = keras.OptimizerState }, cancellation: Token)
        );
        Assert.Contains("OptimizerState", e.Message, StringComparison.Ordinal);
        var other = new Models.Autoencoder(Networks.Article.Encoder(2), Networks.Article.Decoder(2));
        e = Assert.Throws<LatentException>(() =>
            other.Fit(images, null, new() { Optimizer = keras.Optimizer!, OptimizerState = keras.OptimizerState }, cancellation: Token)
        );
        Assert.Contains("other shapes", e.Message, StringComparison.Ordinal);
    }
}
