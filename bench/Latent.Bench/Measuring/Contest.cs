using Latent.Bench.Reporting;
using Latent.Bench.Sides;

namespace Latent.Bench.Measuring;

/// <summary>One who is measured: a side with a request, or anything else that can be timed.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Measure">Does so many calls.</param>
/// <param name="IsCold">Whether it starts anew for each round, and so cannot be warmed up before.</param>
internal sealed record Contestant(string Name, Func<int, Round> Measure, bool IsCold = false)
{
    /// <summary>A request to a side.</summary>
    public static Contestant Of(SideProcess side, string request, string? name = null) =>
        new(name ?? side.Program.Name, calls => Round.Of(side.Times(request, calls)));
}

/// <summary>
/// Measures contestants in turns: each is warmed up, then all take round after round, so that a slow minute of the machine meets all of them.
/// </summary>
internal sealed class Contest(BenchOptions options, Report report)
{
    private const int FewestCalls = 3,
        MostCalls = 4000;

    /// <summary>The result of each contestant that could be measured, in their order.</summary>
    public Results Run(IReadOnlyList<Contestant> contestants)
    {
        var calls = new Dictionary<Contestant, int>();
        var rounds = new Dictionary<Contestant, List<Round>>();
        foreach (var contestant in contestants)
        {
            if (Try(contestant, () => calls[contestant] = WarmUp(contestant)))
                rounds[contestant] = [];
        }
        for (int i = 0; i < options.Rounds; i++)
        {
            foreach (var contestant in contestants.Where(rounds.ContainsKey))
            {
                Thread.Sleep(options.Pause); // until the threads of the one before have gone to sleep
                if (!Try(contestant, () => rounds[contestant].Add(contestant.Measure(calls[contestant]))))
                    rounds.Remove(contestant);
            }
        }
        return new([.. contestants.Where(rounds.ContainsKey).Select(contestant => (contestant.Name, Round.Of(rounds[contestant])))]);
    }

    // Twice as many calls again and again, until they fill the time of a warm-up; gives the calls that fill a round's.
    private int WarmUp(Contestant contestant)
    {
        for (int calls = contestant.IsCold ? MostCalls / 10 : 1; ; calls *= 2)
        {
            var round = contestant.Measure(calls);
            double each = round.Median ?? round.Best;
            if (contestant.IsCold || each * calls >= options.WarmUp.TotalMicroseconds || calls >= MostCalls)
                return Math.Clamp((int)(options.RoundTime.TotalMicroseconds / each), FewestCalls, MostCalls);
        }
    }

    // A side that fails twice is out, with the reason in the report.
    private bool Try(Contestant contestant, Action act)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                act();
                return true;
            }
            catch (SideFailure e)
            {
                if (attempt < 2)
                    continue;
                report.LeftOut(contestant.Name, e.Message);
                return false;
            }
        }
    }
}
