using Latent.Bench.Measuring;

namespace Latent.Bench.Tests;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    [InlineData(new double[] { 9, 1, 5 }, 5)]
    [InlineData(new double[] { 8, 2, 4, 6 }, 5)]
    public void The_median_is_the_middle_of_the_order(double[] values, double median) => Assert.Equal(median, Statistics.Median(values));

    [Fact]
    public void Ninety_nine_of_a_hundred_are_below_the_99th_percentile()
    {
        double[] values = [.. Enumerable.Range(0, 1001).Select(i => (double)(i * 3 % 1001))]; // 0 to 1000 in another order
        Assert.Equal(990, Statistics.Quantile(values, 0.99), 1e-9);
    }

    [Fact]
    public void Of_nothing_there_is_no_median() => Assert.Throws<ArgumentException>(() => Statistics.Median([]));

    [Fact]
    public void Rounds_are_summed_up_by_their_medians_and_the_best_of_all()
    {
        var sum = Round.Of(new List<Round> { new(2, 5, 9), new(1, 30, 50), new(3, 6, 8) });
        Assert.Equal(new Round(1, 6, 9), sum);
    }

    [Fact]
    public void Who_takes_half_the_time_is_twice_as_fast() => Assert.Equal(2, new Round(1, 4, null).Speed(new(3, 8, null)));

    [Fact]
    public void Where_one_has_no_median_the_best_times_are_compared() => Assert.Equal(3, new Round(1, 4, null).Speed(new(3, null, null)));
}
