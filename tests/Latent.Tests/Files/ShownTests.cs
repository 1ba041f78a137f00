namespace Latent.Tests.Files;

public sealed class ShownTests
{
    [Theory]
    [InlineData("encoder/conv2d/kernel", "encoder/conv2d/kernel")]
    [InlineData("é ключ 数 😀", "é ключ 数 😀")]
    [InlineData("a\u001b[2Jb\nc\u202ed", "a\\u001b[2Jb\\u000ac\\u202ed")]
    [InlineData("", "")]
    public void Of_shows_one_line_that_a_terminal_does_not_obey(string text, string shown)
    {
        Assert.Equal(shown, Shown.Of(text));
        Assert.Equal(shown == text, Shown.IsPlain(text));
    }

    [Fact]
    public void A_long_text_is_cut() => Assert.Equal(new string('x', 60) + "…", Shown.Of(new string('x', 1 << 20)));

    [Fact]
    public void The_lines_of_a_message_stay_and_what_else_a_terminal_would_obey_does_not() =>
        Assert.Equal(
            "It is.\\u0007\nExpected: a\\u000dlie\nReceived: two\nlines",
            new LatentException("It is.\a", "a\rlie", "two\r\nlines").Message
        );
}
