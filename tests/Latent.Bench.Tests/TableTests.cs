using Latent.Bench.Measuring;
using Latent.Bench.Reporting;

namespace Latent.Bench.Tests;

public sealed class TableTests
{
    [Fact]
    public void Words_stand_to_the_left_and_numbers_to_the_right()
    {
        var table = new Table("side", "ms");
        table.Add("Latent", Numbers.Of(1.5));
        table.Add("a peer", Numbers.Of(12.34));
        table.Add("none", Numbers.Of(null));
        Assert.Equal(
            """
            | side   |   ms |
            | ------ | ---: |
            | Latent | 1.50 |
            | a peer | 12.3 |
            | none   |    – |

            """.ReplaceLineEndings("\n"),
            table.ToString()
        );
    }

    [Fact]
    public void A_row_has_a_cell_for_each_heading() => Assert.Throws<ArgumentException>(() => new Table("one", "two").Add("1"));

    [Fact]
    public void The_table_of_a_contest_says_how_many_times_as_fast_Latent_is()
    {
        var results = new Results([("Latent", new(1000, 2000, null)), ("peer", new(5000, 16000, null))]);
        string[] lines = ContestTable
            .Of(results, "step", 64, new Dictionary<string, long?> { ["peer"] = 5_000_000 })
            .ToString()
            .Split('\n');
        Assert.Equal(["Latent", "2.00", "1.00", "32,000", "–", "–"], Cells(lines[2]));
        Assert.Equal(["peer", "16.0", "5.00", "4,000", "8.00", "5"], Cells(lines[3]));

        static string[] Cells(string line) => line.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    [Theory]
    [InlineData(0.85, true)]
    [InlineData(0.84, false)]
    public void A_goal_of_at_least_is_reached_at_its_bound(double value, bool reached) =>
        Assert.Equal(reached, Goal.TrainingAgainstPrototype.IsReached(value));

    [Theory]
    [InlineData(0.15, true)]
    [InlineData(0.16, false)]
    public void A_goal_of_at_most_too(double value, bool reached) => Assert.Equal(reached, Goal.Help.IsReached(value));
}
