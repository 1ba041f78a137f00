using Latent.Engine;

namespace Latent.Tests.Engine;

public sealed class TeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_task_runs_once_and_ends_before_Run_returns(int threads)
    {
        using var team = new Team(threads);
        for (int round = 0; round < 20_000; round++)
        {
            var ran = new int[round % 13];
            team.Run(
                ran.Length,
                (task, thread) =>
                {
                    Assert.InRange(thread, 0, threads - 1);
                    Interlocked.Increment(ref ran[task]);
                }
            );
            Assert.All(ran, times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void Sleeping_threads_wake_up()
    {
        using var team = new Team(3);
        for (int round = 0; round < 20; round++)
        {
            Thread.Sleep(5); // longer than they spin
            using var together = new Barrier(3);
            team.Run(3, (_, _) => Assert.True(together.SignalAndWait(TimeSpan.FromSeconds(30)))); // needs all three at once
        }
    }

    [Fact]
    public void A_failure_is_thrown_and_the_team_goes_on()
    {
        using var team = new Team(2);
        Assert.Throws<ArgumentOutOfRangeException>(() => team.Run(8, (task, _) => ArgumentOutOfRangeException.ThrowIfEqual(task, 5)));
        int ran = 0;
        team.Run(8, (_, _) => Interlocked.Increment(ref ran));
        Assert.Equal(8, ran);
    }
}
