using Latent.Bench.Shared;

namespace Latent.Bench.Tests;

public sealed class RequestTests
{
    [Fact]
    public void A_line_is_a_word_and_its_options()
    {
        var request = Request.Parse("train batch=64 rate=0.0003 in=28x28x1");
        Assert.Equal("train", request.Word);
        Assert.Equal(64, request.Whole("batch"));
        Assert.Equal(0.0003, request.Real("rate"));
        Assert.Equal([28, 28, 1], request.Sizes("in"));
        Assert.Equal("none", request.Text("other", "none"));
    }

    [Fact]
    public void A_path_may_have_spaces() => Assert.Equal("/a b/c", Request.Parse("open images=4 case=/a b/c").Text("case"));

    [Theory]
    [InlineData("")]
    [InlineData("train batch")]
    public void Other_lines_are_refused(string line) => Assert.Throws<FormatException>(() => Request.Parse(line));

    [Fact]
    public void A_missing_option_is_named() =>
        Assert.Contains("'batch'", Assert.Throws<FormatException>(() => Request.Parse("train").Whole("batch")).Message);
}
