using Latent.Data;
using Latent.Tests.Shared;

namespace Latent.Tests.Data;

public sealed class DataSetsTests
{
    [Fact]
    public void Knows_mnist() => Assert.Equal(["mnist"], DataSets.Names);

    [Theory]
    [InlineData("MNIST")]
    [InlineData("mnist")]
    public void Opens_by_name(string name) => Assert.Equal("mnist", DataSets.Open(name).Name);

    [Fact]
    public void Opens_a_folder() => Assert.Equal(60000, DataSets.Open(Repository.Mnist).Train.Count);

    [Theory]
    [InlineData("mnits", "did you mean 'mnist'?")]
    [InlineData("no/such/folder", "check the name")]
    [InlineData("", "check the name")]
    public void An_unknown_name_is_said(string name, string fix)
    {
        var e = Assert.Throws<LatentException>(() => DataSets.Open(name));
        Assert.Contains($"There is no data set '{name}'", e.Message, StringComparison.Ordinal);
        Assert.Contains(fix, e.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_no_data_set()
    {
        string file = Path.Combine(Repository.Mnist, "README.md");
        Assert.Contains("is a file", Assert.Throws<LatentException>(() => DataSets.Open(file)).Message, StringComparison.Ordinal);
    }
}
