using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Engine;

/// <summary>What counts the bytes of the whole process runs alone.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_step_allocates_nothing(int threads)
    {
        var images = Mnist.Load(Repository.Mnist).Train.Take(64);
        foreach (
            Optimizer optimizer in (Optimizer[])
                [new RMSprop(), new Adam { GlobalClipNorm = 1 }, new Nadam { UseEma = true }, new Muon { ClipNorm = 1 }]
        )
        {
            var model = new Autoencoder(Article.Encoder(4), Article.Decoder(4), seed: 3);
            using var program = new TrainingProgram(model.Weights, new MeanSquaredError(), optimizer, threads);
            int[] rows = [.. Enumerable.Range(0, 64)];
            for (int i = 0; i < 3; i++)
                program.Step(images, rows);
            // the least of some rounds: the test runner allocates now and then, a step that allocates does so in every round
            long least = long.MaxValue;
            for (int round = 0; round < 8; round++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                for (int i = 0; i < 5; i++)
                    program.Step(images, rows);
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }
            Assert.Equal(0, least);
        }
    }
}
