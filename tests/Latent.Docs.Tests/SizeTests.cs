namespace Latent.Docs.Tests;

/// <summary>Pages that are meant to be read whole stay short.</summary>
public sealed class SizeTests
{
    [Theory]
    [InlineData("README.md", 250)]
    [InlineData("samples/article.cs", 80)]
    [InlineData("samples/upsampling.cs", 120)]
    [InlineData("samples/segmentation.cs", 60)]
    [InlineData("samples/own-parts.cs", 60)]
    [InlineData("samples/service.cs", 60)]
    [InlineData("samples/decode.cs", 60)]
    [InlineData("samples/embeddings.cs", 60)]
    [InlineData("docs/getting-started.md", 160)]
    public void A_page_stays_short(string page, int lines) => Assert.InRange(Lines(page), 1, lines);

    [Fact]
    public void Decisions_are_numbered_and_short()
    {
        var decisions = Pages.All.Where(page => page.StartsWith("docs/decisions/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(decisions);
        for (int i = 0; i < decisions.Count; i++)
        {
            Assert.StartsWith($"docs/decisions/{i + 1:0000}-", decisions[i], StringComparison.Ordinal);
            Assert.InRange(Lines(decisions[i]), 5, 20);
        }
    }

    private static int Lines(string page) => Pages.Read(page).TrimEnd().Split('\n').Length;
}
