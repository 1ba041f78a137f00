using Latent.Engine;
using Latent.Tests.Shared;

namespace Latent.Tests.Engine;

public sealed class RandomStreamTests
{
    // Fixed for ever: files and published numbers depend on these bits.
    [Fact]
    public void The_bits_of_a_seed_and_a_name_never_change() =>
        Snapshot.Verify(
            string.Join(
                '\n',
                from seed in (long[])[0, 1, -5]
                from name in (string[])["shuffle/0", "weights/encoder/conv2d/kernel"]
                let random = new RandomStream(seed, name)
                select $"{seed} {name}: {random.NextBits():x16} {random.NextBits():x16} {random.NextDouble():R} {random.Next(1000)}"
            ),
            "tests/Latent.Tests/Engine/random-bits.txt"
        );

    [Fact]
    public void A_shuffle_is_a_permutation_and_uniform()
    {
        var places = new int[5, 5];
        for (int seed = 0; seed < 5000; seed++)
        {
            int[] items = [0, 1, 2, 3, 4];
            new RandomStream(seed, "test").Shuffle<int>(items);
            Assert.Equal([0, 1, 2, 3, 4], items.Order());
            for (int i = 0; i < 5; i++)
                places[i, items[i]]++;
        }
        foreach (int count in places)
            Assert.InRange(count, 850, 1150); // 1000 expected, five standard deviations
    }

    [Fact]
    public void The_normal_distribution_has_mean_0_and_deviation_1()
    {
        var random = new RandomStream(4, "normal");
        var x = Enumerable.Range(0, 20_000).Select(_ => random.NextGaussian()).ToArray();
        Assert.InRange(x.Average(), -0.03, 0.03);
        Assert.InRange(x.Average(v => v * v), 0.95, 1.05);
    }
}
