using CsCheck;

namespace Latent.Tests.Files;

public sealed class SuggestionTests
{
    private static readonly string[] s_names = ["mnist", "fashion-mnist", "article", "fast", "best"];

    [Theory]
    [InlineData("mnits", "mnist")]
    [InlineData("MNIST", "mnist")]
    [InlineData("minst", "mnist")]
    [InlineData("fashon_mnist", "fashion-mnist")]
    [InlineData("artikel", "article")]
    [InlineData("fats", "fast")]
    [InlineData("cifar100", null)]
    [InlineData("", null)]
    [InlineData("/some/folder", null)]
    public void Finds_what_was_meant(string name, string? expected) => Assert.Equal(expected, Suggestion.Nearest(name, s_names));

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ab", "ba", 1)]
    [InlineData("ca", "abc", 3)]
    public void Counts_edits(string a, string b, int expected) => Assert.Equal(expected, Suggestion.Distance(a, b));

    [Fact]
    public void The_distance_is_symmetric_and_bounded() =>
        Gen.Select(Gen.String[Gen.Char["abc"], 0, 8], Gen.String[Gen.Char["abc"], 0, 8])
            .Sample(
                (a, b) =>
                {
                    int distance = Suggestion.Distance(a, b);
                    return distance == Suggestion.Distance(b, a)
                        && distance <= Math.Max(a.Length, b.Length)
                        && distance >= Math.Abs(a.Length - b.Length)
                        && (distance == 0) == (a == b);
                },
                iter: 500
            );
}
