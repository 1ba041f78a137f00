using Latent.Engine;

namespace Latent.Tests.Engine;

public sealed class ScheduleTests
{
    [Fact]
    public void A_warm_up_rises_in_even_steps()
    {
        var schedule = new ConstantSchedule(WarmUp: 4);
        Assert.Equal([0.2, 0.4, 0.6, 0.8, 1, 1], Enumerable.Range(0, 6).Select(t => Math.Round(schedule.Factor(t, 100), 12)));
    }

    [Fact]
    public void The_cosine_is_half_way_in_the_middle_and_ends_at_its_floor()
    {
        var schedule = new CosineSchedule(Floor: 0.1);
        Assert.Equal(1, schedule.Factor(0, 100), 12);
        Assert.Equal(0.55, schedule.Factor(50, 100), 12);
        Assert.Equal(0.1, schedule.Factor(100, 100), 12);
    }

    [Fact]
    public void The_linear_one_holds_then_falls_to_zero()
    {
        var schedule = new LinearSchedule(WarmUp: 10, Hold: 0.3);
        Assert.Equal(1, schedule.Factor(10, 110), 12);
        Assert.Equal(1, schedule.Factor(39, 110), 12);
        Assert.Equal(0.5, schedule.Factor(75, 110), 12);
        Assert.InRange(schedule.Factor(109, 110), 0.01, 0.02);
    }

    [Fact]
    public void One_cycle_rises_to_one_and_falls()
    {
        var schedule = new OneCycleSchedule();
        Assert.Equal(0.04, schedule.Factor(0, 1000), 12);
        Assert.Equal(1, schedule.Factor(300, 1000), 12);
        Assert.Equal(4e-6, schedule.Factor(1000, 1000), 9);
        Assert.True(schedule.Factor(150, 1000) > 0.5 && schedule.Factor(650, 1000) > 0.4);
    }

    [Fact]
    public void A_short_training_warms_up_in_its_own_length()
    {
        Assert.Equal(0.75, new LinearSchedule(60).Factor(2, 3), 12); // never out of a warm-up of 3 steps
        var tenth = new LinearSchedule(60) { WarmUpPart = 0.1 };
        Assert.Equal(1 / 11.0, tenth.Factor(0, 100), 12);
        Assert.Equal(1 / 61.0, tenth.Factor(0, 10_000), 12);
    }

    /// <summary>Keras's formulas in double precision, for the options that no golden case has too.</summary>
    [Fact]
    public void Kerass_schedules_follow_their_formulas()
    {
        for (int step = 0; step < 300; step++)
        {
            int t = step;
            Near(0.3 * Math.Pow(0.7, t / 13.0), new ExponentialDecay(0.3, 13, 0.7));
            Near(0.3 * Math.Pow(0.7, t / 13), new ExponentialDecay(0.3, 13, 0.7, Staircase: true));
            Near(0.3 / (1 + 0.7 * t / 13.0), new InverseTimeDecay(0.3, 13, 0.7));
            Near(0.3 / (1 + 0.7 * (t / 13)), new InverseTimeDecay(0.3, 13, 0.7, Staircase: true));
            Near(
                t <= 20 ? 0.5
                    : t <= 90 ? 1
                    : 0.25,
                new PiecewiseConstantDecay([20, 90], [0.5, 1, 0.25])
            );
            Near(0.28 * Math.Pow(1 - Math.Min(t, 70) / 70.0, 1.5) + 0.02, new PolynomialDecay(0.3, 70, 0.02, 1.5));
            double cycles = Math.Max(1, Math.Ceiling(t / 70.0));
            Near(0.28 * (1 - t / (70 * cycles)) + 0.02, new PolynomialDecay(0.3, 70, 0.02, Cycle: true));
            Near(0.3 * (0.9 * HalfCosine(Math.Min(t, 70) / 70.0) + 0.1), new CosineDecay(0.3, 70, 0.1));
            Near(
                t < 11 ? 0.05 + 0.25 * t / 11 : 0.3 * (0.9 * HalfCosine(Math.Min(t - 11, 70) / 70.0) + 0.1),
                new CosineDecay(0.05, 70, 0.1, 0.3, 11)
            );
            Near(Restarts(t, 17, 1, 0.8), new CosineDecayRestarts(0.3, 17, 1, 0.8, 0.1));
            Near(Restarts(t, 17, 2, 0.8), new CosineDecayRestarts(0.3, 17, 2, 0.8, 0.1));

            void Near(double expected, LearningRateSchedule schedule) => Assert.Equal(expected, schedule.Rate(t), 1e-6);
        }

        static double HalfCosine(double part) => 0.5 * (1 + Math.Cos(Math.PI * part));

        // one fall after the other, as the paper tells it
        static double Restarts(int step, double length, double longer, double higher)
        {
            double height = 1;
            for (; step >= length; length *= longer, height *= higher)
                step -= (int)length;
            return 0.3 * (0.9 * height * HalfCosine(step / length) + 0.1);
        }
    }

    [Fact]
    public void A_schedule_of_ones_own_must_give_a_number()
    {
        Assert.Equal(0.5, new Falling().Factor(1, 10, 1e-3), 1e-12);
        string message = Assert.Throws<LatentException>(() => new Falling().Factor(3, 10, 1e-3)).Message;
        Assert.Contains("'falling' gives no learning rate at step 3", message);
    }

    [Fact]
    public void Piecewise_schedules_are_compared_by_their_numbers()
    {
        Assert.Equal(new PiecewiseConstantDecay([3], [1, 2]), new PiecewiseConstantDecay([3], [1, 2]));
        Assert.NotEqual(new PiecewiseConstantDecay([3], [1, 2]), new PiecewiseConstantDecay([3], [1, 3]));
    }

    private sealed record Falling : LearningRateSchedule
    {
        public override string Name => "falling";

        public override double Rate(long iteration) => 1e-3 - 5e-4 * iteration;
    }
}
