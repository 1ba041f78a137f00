using Latent.Studio.Training;

namespace Latent.Studio.Tests.Training;

public sealed class StepCurveTests
{
    [Fact]
    public void A_point_is_the_mean_of_the_steps_since_the_one_before()
    {
        var builder = new StepCurveBuilder();
        double[] losses = [8, 6, 4, 2, 1, 1];
        builder.Add(1, 2, 6, losses[..2].Average());
        builder.Add(1, 3, 6, losses[..3].Average());
        builder.Add(1, 6, 6, losses.Average());
        builder.Add(1, 6, 6, losses.Average()); // the epoch's end is told again
        builder.Add(2, 3, 6, 0.5);
        var curve = builder.Build();
        Assert.Equal([2 / 6d, 3 / 6d, 1, 1.5], curve.Epochs);
        Assert.Equal(4, curve.Losses.Length);
        foreach (var (expected, loss) in ((double[])[7, 4, 4 / 3d, 0.5]).Zip(curve.Losses))
            Assert.Equal(expected, loss, 1e-9);
    }

    /// <summary>Of an epoch that began in another process the sum so far is known only from the first report on.</summary>
    [Fact]
    public void A_training_that_goes_on_within_an_epoch_begins_with_the_second_report()
    {
        var builder = new StepCurveBuilder();
        builder.GoOn();
        builder.Add(3, 5, 10, 2);
        builder.Add(3, 10, 10, 3);
        builder.Add(4, 1, 10, 7);
        var curve = builder.Build();
        Assert.Equal([3, 3.1], curve.Epochs);
        Assert.Equal([4, 7], curve.Losses);
    }

    [Fact]
    public void A_long_training_has_no_more_points_and_the_same_mean()
    {
        var builder = new StepCurveBuilder();
        for (int epoch = 1; epoch <= 5 * StepCurveBuilder.Most; epoch++)
            builder.Add(epoch, 1, 1, epoch);
        var curve = builder.Build();
        Assert.InRange(curve.Epochs.Length, StepCurveBuilder.Most / 2, StepCurveBuilder.Most);
        Assert.Equal(curve.Epochs.Length, curve.Losses.Length);
        Assert.True(curve.Thinned > 0);
        Assert.Equal(curve.Epochs.Order(), curve.Epochs);
        Assert.InRange(curve.Losses.Average(), 4900, 5100);
    }

    [Fact]
    public void What_is_no_number_is_left_out()
    {
        var builder = new StepCurveBuilder();
        builder.Add(1, 1, 2, double.NaN);
        builder.Add(1, 2, 2, double.NaN);
        Assert.Empty(builder.Build().Epochs);
    }
}
