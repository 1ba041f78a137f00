using Latent.Analysis;

namespace Latent.Tests.Analysis;

public sealed class NearestCodesTests
{
    [Fact]
    public void The_nearest_are_those_of_plain_loops()
    {
        var random = new Random(3);
        for (int latent = 1; latent <= 9; latent += 2)
        {
            float[] codes = [.. Enumerable.Range(0, 101 * latent).Select(_ => random.Next(5) - 2f)]; // with many as near as each other
            var nearest = new NearestCodes(codes, latent);
            float[] code = [.. Enumerable.Range(0, latent).Select(_ => random.Next(5) - 2f)];
            var expected = Enumerable
                .Range(0, 101)
                .Select(i => (i, Math.Sqrt(Enumerable.Range(0, latent).Sum(z => Math.Pow(codes[i * latent + z] - code[z], 2)))))
                .OrderBy(pair => pair.Item2)
                .ThenBy(pair => pair.i)
                .Take(12);
            Assert.Equal(expected, nearest.Find(code, 12));
            Assert.Equal(101, nearest.Find(code, 1000).Length);
        }
    }

    [Fact]
    public void Neighbours_vote_and_the_nearest_decides_between_equals()
    {
        var nearest = new NearestCodes([0, 1, 2, 10, 11, 12], 1);
        byte[] labels = [0, 0, 1, 1, 2, 2];
        Assert.Equal(1, nearest.Accuracy(new float[] { 0.4f }, new byte[] { 0 }, labels, 3));
        Assert.Equal(1, nearest.Accuracy(new float[] { 11.6f }, new byte[] { 2 }, labels, 2));
        Assert.Equal(1, nearest.Accuracy(new float[] { 10.1f }, new byte[] { 1 }, labels, 2)); // 1 and 2, one vote each: the nearer
        Assert.Equal(0.5, nearest.Accuracy(new float[] { 0, 12 }, new byte[] { 0, 0 }, labels, 1));
    }

    [Fact]
    public void What_is_not_finite_is_near_to_nothing()
    {
        var nearest = new NearestCodes([float.NaN, 1, float.PositiveInfinity], 1);
        Assert.Equal([(1, 1.0)], nearest.Find([2], 3));
        Assert.Empty(nearest.Find([float.NaN], 3));
    }

    [Fact]
    public void Numbers_that_do_not_fit()
    {
        Assert.Throws<LatentException>(() => new NearestCodes([1, 2, 3], 2));
        var nearest = new NearestCodes([1, 2, 3, 4], 2);
        Assert.Throws<LatentException>(() => nearest.Find([1], 1));
        Assert.Throws<LatentException>(() => nearest.Find([1, 2], 0));
        Assert.Throws<LatentException>(() => nearest.Accuracy(new float[] { 1, 2 }, new byte[] { 0, 1 }, new byte[] { 0, 1 }));
    }
}
