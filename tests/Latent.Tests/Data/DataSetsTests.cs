using Latent.Data;
using Latent.Tests.Shared;

namespace Latent.Tests.Data;

public sealed class DataSetsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Knows_four_names() => Assert.Equal(["mnist", "fashion-mnist", "kmnist", "emnist-letters"], DataSets.Names);

    [Fact]
    public void The_catalogue_says_all_that_a_download_needs()
    {
        foreach (var info in DataSets.Known.Where(info => info.Name != "mnist"))
        {
            Assert.Equal(4, info.Files.Count);
            Assert.Equal(info.Files.Sum(file => file.Size), info.DownloadSize);
            foreach (var file in info.Files)
            {
                Assert.Matches("^[0-9a-f]{64}$", file.Sha256);
                Assert.InRange(file.Size, 100, 40_000_000);
                Assert.EndsWith("-ubyte", file.Name, StringComparison.Ordinal);
            }
            // an address without the slash at its end would lose its last part
            Assert.All(info.Mirrors, mirror => Assert.Matches("^https?://.*/$", mirror));
            Assert.Equal(info.LabelNames.Count, info.LabelNames.Distinct(StringComparer.Ordinal).Count());
            Assert.NotEmpty(info.Licence);
        }
        Assert.Equal(0, DataSets.Known[0].DownloadSize);
        Assert.Equal((26, "z"), (DataSets.Known[3].LabelNames.Count, DataSets.Known[3].LabelNames[25]));
    }

    [Theory]
    [InlineData("MNIST")]
    [InlineData("mnist")]
    public void Opens_by_name(string name)
    {
        Assert.Equal("mnist", DataSets.Open(name).Name);
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "data", "mnist"), DataSets.Find(name));
    }

    [Fact]
    public void Opens_a_folder() => Assert.Equal(60000, DataSets.Open(Repository.Mnist).Train.Count);

    [Fact]
    public void Opens_a_name_from_a_folder()
    {
        Assert.Equal(60000, DataSets.Open("mnist", new() { Folder = Repository.Mnist }, Stop).Train.Count);
        var e = Assert.Throws<LatentException>(() => DataSets.Open("digits", new() { Folder = Repository.Mnist }, Stop));
        Assert.Contains("There is no data set of the name 'digits'", e.Message, StringComparison.Ordinal);
    }

    /// <summary>The files in the repository are the published ones in other gzip.</summary>
    [Fact]
    public void The_mnist_of_the_repository_is_the_published_one() =>
        Assert.True(KnownFolder.IsPublished(DataSets.Known[0], Repository.Mnist));

    [Theory]
    [InlineData("mnits", "did you mean 'mnist'?")]
    [InlineData("kmnits", "did you mean 'kmnist'?")]
    [InlineData("fashion-minst", "did you mean 'fashion-mnist'?")]
    [InlineData("no/such/folder", "check the name")]
    [InlineData("", "check the name")]
    public void An_unknown_name_is_said(string name, string fix)
    {
        var e = Assert.Throws<LatentException>(() => DataSets.Open(name));
        Assert.Contains($"There is no data set '{name}'", e.Message, StringComparison.Ordinal);
        Assert.Contains(fix, e.Fix, StringComparison.Ordinal);
        Assert.Contains(
            $"There is no data set of the name '{name}'",
            Assert.Throws<LatentException>(() => DataSets.Find(name)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_is_no_data_set()
    {
        string file = Path.Combine(Repository.Mnist, "README.md");
        Assert.Contains("is a file", Assert.Throws<LatentException>(() => DataSets.Open(file)).Message, StringComparison.Ordinal);
    }
}
