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
}
