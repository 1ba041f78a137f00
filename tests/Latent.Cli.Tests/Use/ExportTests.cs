using System.Text.Json.Nodes;

namespace Latent.Cli.Tests.Use;

public sealed class ExportTests(Trained trained) : IClassFixture<Trained>
{
    [Fact]
    public void A_run_becomes_a_page()
    {
        string path = trained["explorer.html"];
        string said = Program.Run("export", trained.Run, "--html", path).Ok();
        Assert.Contains("explorer.html: ", said, StringComparison.Ordinal);
        string html = File.ReadAllText(path);
        Assert.Contains("<h1>digits, 2 latent numbers</h1>", html, StringComparison.Ordinal);
        Assert.Contains("codes of 70 test images", html, StringComparison.Ordinal);

        string smaller = trained["smaller.html"];
        var document = JsonNode.Parse(
            Program.Run("export", trained.Run, "--html", smaller, "-n", "9", "--no-images", "--title", "Nine", "--json").Ok()
        )!;
        Assert.Equal(9, (int)document["html"]!["count"]!);
        Assert.Equal(new FileInfo(smaller).Length, (long)document["html"]!["bytes"]!);
        Assert.True(new FileInfo(smaller).Length < new FileInfo(path).Length);
        Assert.Contains("<h1>Nine</h1>", File.ReadAllText(smaller), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_file_alone_needs_data()
    {
        string model = Path.Combine(trained.Run, "model.safetensors");
        string path = trained["alone.html"];
        Assert.Contains("--data", Program.Run("export", model, "--html", path).Failed(), StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        Program.Run("export", model, "--html", path, "--data", trained.Data).Ok();
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void What_to_write_must_be_said()
    {
        foreach (
            string[] words in (string[][])
                [
                    [],
                    ["--html", trained["page.txt"]],
                ]
        )
        {
            var result = Program.Run(["export", trained.Run, .. words]);
            Assert.Equal(2, result.Code);
            Assert.Contains("--html", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_page_that_is_there_is_replaced()
    {
        string path = trained["again.html"];
        File.WriteAllText(path, "old");
        Program.Run("export", trained.Run, "--html", path, "-n", "3").Ok();
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(path), StringComparison.Ordinal);
    }
}
