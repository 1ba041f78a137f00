using Latent.Cli.Tests.Use;
using Latent.Data;
using Latent.Images;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Errors;

public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Model(int latent = 2)
    {
        string path = _folder["model.safetensors"];
        new Autoencoder(Article.Encoder(latent), Article.Decoder(latent), seed: 1).Save(path);
        return path;
    }

    [Fact]
    public void A_run_folder_without_a_model()
    {
        string run = Directory.CreateDirectory(_folder["run"]).FullName;
        File.WriteAllText(Path.Combine(run, "run.json"), "{}");
        foreach (
            string[] line in (string[][])
                [
                    ["show", run],
                    ["encode", run, "mnist"],
                    ["summary", run],
                ]
        )
            Assert.Contains("has no model", Program.Run(line).Failed());
    }

    [Theory]
    [InlineData("mnst")]
    [InlineData("mnits")]
    public void An_unknown_data_set_names_the_nearest(string name)
    {
        Assert.Contains("did you mean 'mnist'?", Program.Run("train", name).Failed());
        Assert.Contains("did you mean 'mnist'?", Program.Run("show", name).Failed());
        Assert.Contains("did you mean 'mnist'?", Program.Run("encode", Model(), name).Failed());
    }

    [Fact]
    public void An_unknown_run_names_the_nearest()
    {
        string run = _folder["mnist-z10"];
        Program.Run("train", SmallData.Mnist(_folder["data"]), "--out", run, "--steps", "1", "--no-figures").Ok();
        string message = Program.Run("show", _folder["mnist-z1"]).Failed();
        Assert.Contains("There is no data set or run", message);
        Assert.Contains($"did you mean '{run}'?", message);
        Assert.Contains("give its run folder", Program.Run("show", Path.Combine(run, "model.safetensors")).Failed());
    }

    [Fact]
    public void Codes_that_are_not_finite()
    {
        Assert.Contains("finite numbers", Program.Run("decode", Model(), "nan", "2").Failed());
        string codes = _folder["codes.npy"];
        Latent.Formats.Npy.Write(codes, [1, float.NaN], 1, 2);
        Assert.Contains("finite numbers", Program.Run("decode", Model(), codes).Failed());
        var result = Program.Run("predict", Model(), "--input", codes, "--output", _folder["y.npy"], "--part", "decoder");
        result.Ok();
        Assert.Contains("warning", result.Error);
    }

    [Fact]
    public void Predict_takes_floats_only()
    {
        string x = _folder["x.npy"];
        byte[] header = [.. "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }\n"u8];
        File.WriteAllBytes(x, [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. new byte[8]]);
        string message = Program.Run("predict", Model(), "--input", x, "--output", _folder["y.npy"]).Failed();
        Assert.Contains("'<f4' (float32)", message);
        Assert.DoesNotContain("|u1", message);
    }

    [Fact]
    public void A_folder_whose_name_has_a_dot_is_still_a_folder()
    {
        string folder = _folder["images.v2"];
        Program.Run("decode", Model(), "1", "2", "--out", folder + "/").Ok();
        Assert.Single(Directory.GetFiles(folder));
        Program.Run("decode", Model(), "1", "2", "--out", folder).Ok();
    }

    [Fact]
    public void Images_of_another_size_than_the_models()
    {
        string data = SmallData.OfSize(_folder["wide"], 28, 32);
        Assert.Contains("(28, 32, 1)", Program.Run("encode", Model(), data).Failed());

        string file = _folder["small.png"];
        ImageFiles.Save(file, new byte[20 * 24], new Shape(20, 24, 1));
        Assert.Contains("20 × 24", Program.Run("encode", Model(), file).Failed());
        Program.Run("encode", Model(), file, "--resize").Ok();
    }

    [Fact]
    public void Weights_for_other_images_to_start_from()
    {
        string data = SmallData.OfSize(_folder["wide"], 28, 32);
        Assert.Contains("other images", Program.Run("train", data, "--init", Model(), "--out", _folder["run"]).Failed());
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public void Weights_of_another_latent_size_to_start_from() =>
        Assert.Contains("another latent size", Program.Run("train", "mnist", "--init", Model(latent: 3), "--latent", "2").Failed());

    [Fact]
    public void Images_whose_sides_cannot_be_quartered_are_trained_on_all_the_same()
    {
        string data = SmallData.OfSize(_folder["odd"], 27, 30);
        Program.Run("train", data, "--steps", "1", "--no-figures", "--out", _folder["run"]).Ok();
        Assert.Equal(new Shape(27, 30, 1), Autoencoder.Open(_folder["run"]).OutputShape);
    }

    [Fact]
    public void An_output_that_cannot_be_written()
    {
        string file = _folder["file"];
        File.WriteAllText(file, "");
        string below = Path.Combine(file, "below");
        Assert.Contains(below, Program.Run("train", SmallData.Mnist(_folder["data"]), "--out", below, "--steps", "1").Failed());
        Assert.Contains(below, Program.Run("decode", Model(), "0", "0", "--out", below + ".png").Failed());
    }

    [Fact]
    public void A_folder_that_holds_a_run_already_is_not_lost()
    {
        string data = SmallData.Mnist(_folder["data"]);
        string run = _folder["run"];
        Program.Run("train", data, "--out", run, "--steps", "1", "--no-figures").Ok();
        byte[] before = File.ReadAllBytes(Path.Combine(run, "model.safetensors"));
        Assert.Contains("--overwrite", Program.Run("train", data, "--out", run, "--steps", "1", "--no-figures", "--seed", "2").Failed());
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(run, "model.safetensors")));
        Program.Run("train", data, "--out", run, "--steps", "1", "--no-figures", "--seed", "2", "--overwrite").Ok();
        Assert.NotEqual(before, File.ReadAllBytes(Path.Combine(run, "model.safetensors")));
    }

    [Fact]
    public void A_model_file_of_a_newer_version()
    {
        string path = _folder["model.safetensors"];
        SafeTensors.Write(path, SafeTensors.Read(Model()).Tensors, [new("latent.version", "99")]);
        string message = Program.Run("summary", path).Failed();
        Assert.Contains("99", message);
        Assert.Contains("newer", message);
    }

    [Fact]
    public void Codes_that_do_not_fit()
    {
        Assert.Contains("2 numbers for each code", Program.Run("decode", Model(), "1", "2", "3").Failed());
        string csv = _folder["codes.csv"];
        File.WriteAllText(csv, "index,z0\n0,1\n");
        Assert.Contains("2 columns z0 to z1", Program.Run("decode", Model(), csv).Failed());
        File.WriteAllText(csv, "index,z0,z1\n0,1,2\n1,x,2\n");
        Assert.Contains("Line 3", Program.Run("decode", Model(), csv).Failed());
    }

    [Fact]
    public void An_image_that_is_none()
    {
        string file = _folder["text.png"];
        File.WriteAllText(file, "no image");
        Assert.Contains("text.png", Program.Run("reconstruct", Model(), file, "--out", _folder["out.png"]).Failed());
        File.WriteAllText(file, "");
        Assert.Contains("an empty file", Program.Run("reconstruct", Model(), file, "--out", _folder["out.png"]).Failed());
    }
}
