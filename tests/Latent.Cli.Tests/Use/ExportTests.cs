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
    public void A_run_becomes_three_onnx_models()
    {
        string folder = trained["onnx"];
        string said = Program.Run("export", trained.Run, "--onnx", folder).Ok();
        foreach (string part in (string[])["encoder", "decoder", "autoencoder"])
        {
            Assert.Contains($"{part}.onnx: 0.", said, StringComparison.Ordinal);
            Assert.True(new FileInfo(Path.Combine(folder, $"{part}.onnx")).Length > 1000);
        }
        byte[] before = File.ReadAllBytes(Path.Combine(folder, "encoder.onnx"));
        var document = JsonNode.Parse(
            Program
                .Run(
                    "export",
                    trained.Run,
                    "--onnx",
                    folder,
                    "--layout",
                    "nhwc",
                    "--uint8",
                    "--html",
                    trained["both.html"],
                    "-n",
                    "3",
                    "--json"
                )
                .Ok()
        )!;
        Assert.Equal(new FileInfo(Path.Combine(folder, "encoder.onnx")).Length, (long)document["onnx"]!["files"]!["encoder.onnx"]!);
        Assert.NotEqual(before, File.ReadAllBytes(Path.Combine(folder, "encoder.onnx")));
        Assert.Equal(3, (int)document["html"]!["count"]!);
    }

    [Fact]
    public void Options_of_another_kind_of_file_are_refused()
    {
        var result = Program.Run("export", trained.Run, "--html", trained["page.html"], "--layout", "nhwc", "--uint8");
        Assert.Equal(2, result.Code);
        Assert.Contains("--layout belongs to --onnx", result.Error, StringComparison.Ordinal);
        Assert.Contains("--uint8 belongs to --onnx", result.Error, StringComparison.Ordinal);
        result = Program.Run("export", trained.Run, "--onnx", trained["model.onnx"]);
        Assert.Equal(2, result.Code);
        Assert.Contains("expects a folder", result.Error, StringComparison.Ordinal);
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
