using System.Text.Json.Nodes;

namespace Latent.Cli.Tests.Use;

public sealed class CompareTests(Trained trained) : IClassFixture<Trained>
{
    [Fact]
    public void A_run_is_compared_on_its_own_data()
    {
        string figure = trained["rate.png"];
        var document = JsonNode.Parse(Program.Run("compare", trained.Run, "--out", figure, "--json").Ok())!;
        Assert.Equal(70, (int)document["count"]!);
        var points = document["points"]!.AsArray();
        double Bytes(string method, string setting) =>
            (double)points.Single(p => (string)p!["method"]! == method && (string)p["setting"]! == setting)!["bytes_per_image"]!;
        Assert.Equal(8, Bytes("autoencoder", "2 × float32"));
        Assert.Equal(8, Bytes("PCA", "2 × float32"));
        Assert.InRange(Bytes("autoencoder", "2 × 8 bits"), 0.5, 2.5);
        Assert.InRange(Bytes("autoencoder", "2 × 4 bits"), 0.2, 1.5);
        Assert.True(Bytes("WebP", "quality 0") < Bytes("JPEG", "quality 0"));
        Assert.True(Bytes("WebP, one file", "quality 0") < Bytes("WebP", "quality 0"));
        var png = points.Single(p => (string)p!["method"]! == "PNG")!;
        Assert.Equal(0, (double)png["mse"]!);
        Assert.Null(png["psnr"]);
        Assert.True(new FileInfo(figure).Length > 1000);
        string table = Program.Run("compare", trained.Run, "-n", "20", "--out", figure).Ok();
        Assert.Contains("the first 20 of 70 test images", table);
    }

    [Fact]
    public void Models_are_trained_where_none_is_named()
    {
        var result = Program.Run("compare", trained.Data, "--latent", "3", "-n", "20", "--out", trained["trained.png"]);
        Assert.Contains("3 × 8 bits", result.Ok());
        Assert.Contains("codes of 3 numbers", result.Error);
        var runs = Program.Run("compare", trained.Data, "--run", trained.Run, "-n", "20", "--out", trained["trained.png"]);
        Assert.Contains("2 × 8 bits", runs.Ok());
        Assert.Equal("", runs.Error);
    }

    [Fact]
    public void Runs_of_other_images_are_refused()
    {
        string other = SmallData.OfSize(trained["small"], 12, 12);
        Assert.Contains("another size", Program.Run("compare", other, "--run", trained.Run, "--out", trained["no.png"]).Failed());
        Assert.Equal(2, Program.Run("compare", trained.Run, "--latent", "3").Code);
        Assert.Equal(2, Program.Run("compare", trained.Data, "--latent", "3,3").Code);
    }
}
