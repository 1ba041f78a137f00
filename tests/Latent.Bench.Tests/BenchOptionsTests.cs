namespace Latent.Bench.Tests;

public sealed class BenchOptionsTests
{
    private static readonly string[] s_sections = ["training", "latency"];

    [Fact]
    public void Options_are_read()
    {
        var options = BenchOptions.Parse(["--peers", "--only", "latency, training", "--rounds", "7", "--quick"], s_sections);
        Assert.True(options.Peers);
        Assert.Equal(["latency", "training"], options.Only);
        Assert.Equal(7, options.Rounds);
        Assert.Null(options.Results);
        Assert.StartsWith("--peers --only latency,training --rounds 7 --threads ", options.CommandLine);
    }

    [Fact]
    public void A_run_is_of_five_rounds_and_leaves_a_page()
    {
        var options = BenchOptions.Parse([], s_sections);
        Assert.Equal(5, options.Rounds);
        Assert.EndsWith(Path.Combine("bench", "results"), options.Results);
    }

    [Theory]
    [InlineData("--wrong")]
    [InlineData("--only")]
    [InlineData("--only", "speed")]
    [InlineData("--only", "")]
    [InlineData("--rounds", "0")]
    [InlineData("--rounds", "many")]
    [InlineData("--prototype", "/nowhere")]
    [InlineData("training")]
    public void Wrong_options_are_one_clear_message(params string[] args)
    {
        var e = Assert.Throws<LatentException>(() => BenchOptions.Parse(args, s_sections));
        Assert.Contains(args[0], e.Message);
        Assert.Contains("Expected: ", e.Message);
    }
}
