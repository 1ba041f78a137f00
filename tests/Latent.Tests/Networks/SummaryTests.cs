using CsCheck;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Networks;

public sealed class SummaryTests
{
    private const string Folder = "tests/Latent.Tests/Networks/Snapshots";

    [Fact]
    public void The_articles_network() =>
        Snapshot.Verify(Summary.Of(Article.Encoder(10), Article.Decoder(10)), $"{Folder}/article-z10.txt");

    [Fact]
    public void Its_alternatives_in_colour() =>
        Snapshot.Verify(
            Summary.Of(
                Article.Encoder(128, new(64, 96, 3), Downsampling.MaxPooling),
                Article.Decoder(128, new(64, 96, 3), Upsampling.TransposedConvolution)
            ),
            $"{Folder}/alternatives.txt"
        );

    [Theory]
    [InlineData("encoder: parameters", "5,762")]
    [InlineData("decoder: parameters", "90,177")]
    [InlineData("total: parameters", "95,939")]
    public void The_articles_totals(string title, string total)
    {
        string line = Summary
            .Of(Article.Encoder(10), Article.Decoder(10))
            .Split('\n')
            .Single(l => l.StartsWith(title, StringComparison.Ordinal));
        Assert.EndsWith(" " + total, line, StringComparison.Ordinal);
    }

    [Fact]
    public void One_network_has_no_total_of_all() =>
        Assert.DoesNotContain("total", Summary.Of(Article.Encoder(2)), StringComparison.Ordinal);

    [Fact]
    public void Every_table_is_aligned() =>
        RandomNetwork
            .Any.Where(n => NamesDiffer(n))
            .Sample(
                network =>
                {
                    string[] lines = Summary.Of(network).TrimEnd('\n').Split('\n');
                    int width = lines[2].Length;
                    return lines.Length == network.Layers.Length + 6
                        && lines.All(l => l.Length <= width && l == l.TrimEnd())
                        && lines[4..^2].Append(lines[^1]).All(l => l.Length == width && char.IsAsciiDigit(l[^1]));
                },
                iter: 200
            );

    private static bool NamesDiffer(Network network)
    {
        try
        {
            _ = new ParameterLayout(network);
            return true;
        }
        catch (LatentException)
        {
            return false; // a random name twice
        }
    }
}
