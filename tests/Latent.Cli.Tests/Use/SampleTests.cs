using System.Text.Json.Nodes;
using Latent.Formats;

namespace Latent.Cli.Tests.Use;

public sealed class SampleTests(Trained trained) : IClassFixture<Trained>
{
    [Theory]
    [InlineData("uniform")]
    [InlineData("gaussian")]
    [InlineData("gmm")]
    public void Samples_are_drawn_and_counted(string from)
    {
        string picture = trained[$"{from}.png"];
        var document = JsonNode.Parse(
            Program.Run("sample", trained.Run, "-n", "30", "--from", from, "--seed", "3", "--out", picture, "--json").Ok()
        )!;
        Assert.True(new FileInfo(picture).Length > 1000);
        Assert.Equal(30, document["nearest"]!.AsArray().Count);
        double far = (double)document["far_share"]!;
        int near = document["labels"]!.AsObject().Sum(label => (int)label.Value!);
        Assert.Equal(30 - (int)Math.Round(30 * far), near);
        var grid = document["grid"]!;
        Assert.Equal(100 - (int)Math.Round(100 * (double)grid["far_share"]!), grid["labels"]!.AsObject().Sum(label => (int)label.Value!));
        string[] missing = [.. grid["missing"]!.AsArray().Select(name => (string)name!)];
        Assert.Equal(missing, grid["labels"]!.AsObject().Where(label => (int)label.Value! == 0).Select(label => label.Key));
        string text = Program.Run("sample", trained.Run, "-n", "30", "--from", from, "--out", picture).Ok();
        Assert.Contains("30 samples", text);
        Assert.Contains("the grid of ±5, 10 × 10", text);
    }

    [Fact]
    public void The_model_alone_is_enough()
    {
        string model = Path.Combine(trained.Run, "model.safetensors"),
            alone = trained["alone.npy"],
            again = trained["again.npy"];
        Program.Run("sample", model, "-n", "5", "--out", alone).Ok();
        Program.Run("sample", trained.Run, "-n", "5", "--out", again).Ok();
        Assert.Equal([5, 28, 28, 1], Npy.Read(alone).Shape);
        Assert.Equal(Npy.Read(alone).Data, Npy.Read(again).Data);
        Program.Run("sample", trained.Run, "-n", "5", "--seed", "1", "--out", again).Ok();
        Assert.NotEqual(Npy.Read(alone).Data, Npy.Read(again).Data);
    }

    [Fact]
    public void A_folder_takes_an_image_for_each()
    {
        string folder = trained["samples"];
        Program.Run("sample", trained.Run, "-n", "3", "--components", "auto", "--out", folder).Ok();
        Assert.Equal(
            ["sample-00000.png", "sample-00001.png", "sample-00002.png"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_model_without_a_distribution_wants_data()
    {
        var model = Latent.Models.Autoencoder.Open(trained.Run);
        Assert.NotNull(model.Info.Codes);
        model.Info = model.Info with { Codes = null };
        string file = trained["old.safetensors"];
        model.Save(file);
        Assert.Contains("--data", Program.Run("sample", file, "-n", "2", "--out", trained["x.npy"]).Failed());
        Program.Run("sample", file, "-n", "2", "--data", trained.Data, "--out", trained["x.npy"]).Ok();
    }
}
