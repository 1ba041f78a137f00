using Latent.Bench.Measuring;
using Latent.Bench.Reporting;
using Latent.Bench.Sides;

namespace Latent.Bench.Tests;

public sealed class ContestTests
{
    private static readonly BenchOptions s_options = BenchOptions.Parse(["--quick", "--rounds", "3"], []);

    [Fact]
    public void Contestants_take_turns()
    {
        var order = new List<string>();
        var contest = new Contest(s_options, new Report(TextWriter.Null));
        var results = contest.Run([Of("a", 5e6), Of("b", 10e6)]);
        Assert.Equal(["a", "b", "a", "b", "a", "b", "a", "b"], order); // once to warm up, then three rounds
        Assert.Equal(2, results.Speed("a", "b"));

        Contestant Of(string name, double microseconds) =>
            new(
                name,
                _ =>
                {
                    order.Add(name);
                    return new(microseconds, microseconds, null);
                }
            );
    }

    [Fact]
    public void Who_fails_twice_is_left_out_and_the_others_go_on()
    {
        int calls = 0;
        var report = new Report(TextWriter.Null);
        var results = new Contest(s_options, report).Run([
            new("good", _ => new(5e6, 5e6, null)),
            new("bad", _ => ++calls > 2 ? throw new SideFailure("it broke") : new(5e6, 5e6, null)),
            new("never", _ => throw new SideFailure("it does not start")),
        ]);
        Assert.Equal(["good"], results.Rows.Select(row => row.Name));
        Assert.Null(results.Speed("good", "bad"));
        using var folder = new Latent.Tests.Shared.TemporaryFolder();
        string page = Path.Combine(folder.Path, "page.md");
        report.Save(page);
        string text = File.ReadAllText(page);
        Assert.Contains("Left out: bad: it broke", text);
        Assert.Contains("Left out: never: it does not start", text);
    }

    [Fact]
    public void One_failure_is_forgiven()
    {
        int calls = 0;
        var results = new Contest(s_options, new Report(TextWriter.Null)).Run([
            new("shaky", _ => ++calls == 2 ? throw new SideFailure("once") : new(5e6, 5e6, null)),
        ]);
        Assert.Single(results.Rows);
    }
}
