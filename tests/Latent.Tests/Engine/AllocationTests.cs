using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Networks;
using Latent.Tests.Shared;
using Latent.Tests.Training;
using Latent.Training;

namespace Latent.Tests.Engine;

/// <summary>What counts the bytes of the whole process runs alone.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private static readonly ImageSet s_images = SmallMnist.Train(64);

    public static TheoryData<int> Threads => [1, 2];

    [Theory]
    [MemberData(nameof(Threads))]
    public void A_step_of_any_optimizer_allocates_nothing(int threads)
    {
        Optimizer[] all =
        [
            .. EveryPart.Optimizers(),
            new SGD(Momentum: 0.9f, Nesterov: true) { ClipValue = 0.1f },
            new RMSprop(Momentum: 0.9f, Centered: true) { ClipNorm = 1 },
            new Adam(AmsGrad: true) { GlobalClipNorm = 1, WeightDecay = 0.01f },
            new Nadam { UseEma = true, EmaOverwriteFrequency = 2 },
            new Muon { ClipNorm = 1, UseEma = true },
        ];
        var model = new Autoencoder(Article.Encoder(4), Article.Decoder(4), seed: 3);
        foreach (var optimizer in all)
            Hold(model, new MeanSquaredError(), optimizer, threads);
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void A_step_of_any_loss_allocates_nothing(int threads)
    {
        var images = ImageSet.FromPixels(s_images.Pixels[..(64 * 16 * 16 * 3)], 64, 16, 16, 3); // classes are channels
        var encoder = new Network("encoder", images.Shape, new Flatten(), new Dense(3));
        var decoder = new Network("decoder", Shape.Vector(3), new Dense(images.Shape.Size, Activation.Sigmoid), new Reshape(images.Shape));
        foreach (var loss in Loss.All)
            Hold(new(encoder, decoder, seed: 3), loss, new RMSprop(), threads, images);
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void A_step_of_any_layer_allocates_nothing(int threads) =>
        Hold(EveryPart.Layers(seed: 3), new MeanSquaredError(), new Adam(), threads);

    [Theory]
    [MemberData(nameof(Threads))]
    public void A_step_of_any_activation_allocates_nothing(int threads) =>
        Hold(EveryPart.Activations(seed: 3), new MeanSquaredError(), new RMSprop(), threads);

    /// <summary>What stands between two steps: the schedule, the logs, callbacks that have nothing to write.</summary>
    [Fact]
    public void The_loop_around_the_steps_allocates_nothing()
    {
        var meter = new Meter();
        SmallMnist
            .Model(2)
            .Fit(
                SmallMnist.Train(400),
                SmallMnist.Test(10),
                new()
                {
                    Optimizer = new Adam { UseEma = true },
                    Schedule = new OneCycleSchedule(WarmUp: 3),
                    BatchSize = 16,
                    Callbacks =
                    [
                        new EarlyStopping(3),
                        new ReduceLROnPlateau(),
                        new TerminateOnNaN(),
                        new SwapEMAWeights(),
                        new LambdaCallback { BatchEnd = _ => { } },
                        meter,
                    ],
                },
                cancellation: TestContext.Current.CancellationToken
            );
        Assert.Equal(0, meter.Least);
    }

    /// <summary>Whole batches and such as are no multiple of a chunk, bytes and numbers, and the validation.</summary>
    private static void Hold(Autoencoder model, Loss loss, Optimizer optimizer, int threads, ImageSet? images = null)
    {
        images ??= s_images;
        using var program = new TrainingProgram(model.Weights, loss, optimizer, threads, seed: 5);
        int[] rows = [.. Enumerable.Range(0, 64)];
        float[] pixels = Array.ConvertAll(images.Pixels.ToArray(), pixel => pixel / 255f);
        Hold("images", () => program.Step(images, rows));
        Hold("a batch that is no multiple of a chunk", () => program.Step(images, rows.AsSpan(0, 61)));
        Hold("numbers", () => program.Step(pixels.AsSpan(0, 33 * images.Shape.Size), pixels.AsSpan(0, 33 * images.Shape.Size), 0.5));
        Hold("validation", () => program.Evaluate(images));

        void Hold(string what, Func<double> step)
        {
            for (int i = 0; i < 3; i++)
                step();
            // the least of some rounds: the test runner allocates now and then, a step that allocates does so in every round
            long least = long.MaxValue;
            for (int round = 0; round < 8 && least > 0; round++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                step();
                step();
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }
            Assert.True(least == 0, $"{optimizer}, {loss.Name}, {what}: {least} bytes for two steps");
        }
    }

    /// <summary>The fewest bytes from the end of a step to the end of the next one.</summary>
    private sealed class Meter : Callback
    {
        private long _before = long.MinValue;

        public long Least { get; private set; } = long.MaxValue;

        public override void OnBatchEnd(TrainingContext context)
        {
            long now = GC.GetTotalAllocatedBytes(precise: true);
            if (_before >= 0)
                Least = Math.Min(Least, now - _before);
            _before = GC.GetTotalAllocatedBytes(precise: true);
        }
    }
}
