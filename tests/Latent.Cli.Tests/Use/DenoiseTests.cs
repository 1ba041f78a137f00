using System.Text.Json.Nodes;
using Latent.Images;
using Latent.Models;
using Latent.Tests.Shared;

namespace Latent.Cli.Tests.Use;

public sealed class DenoiseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data,
        _run;

    public DenoiseTests()
    {
        (_data, _run) = (SmallData.Mnist(_folder["digits"]), _folder["run"]);
        string[] options = ["--network", "convolutional", "--filters", "4", "--noise", "gaussian:0.4", "--loss", "bce", "--steps", "20"];
        Program.Run(["train", _data, .. options, "--no-figures", "--shift", "2", "--out", _run]).Ok();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Clean_images_are_made_noisy_and_compared()
    {
        var json = JsonNode.Parse(Program.Run("denoise", _run, _data, "--noise", "model", "--json", "--out", _folder["f.png"]).Ok())!;
        Assert.Equal("gaussian:0.4", (string?)json["noise"]);
        Assert.Equal(70, (int)json["count"]!);
        Assert.InRange((double)json["noisy"]!["psnr"]!, 10, 12); // σ = 0.4 cut off at 0 and 1
        Assert.True((double)json["median"]!["psnr"]! > 14);
        Assert.True((double)json["bilateral"]!["psnr"]! > 13);
        Assert.InRange((double)json["denoised"]!["ssim"]!, -1, 1);
        Assert.Contains("200 training images", (string?)json["filters_chosen_on"], StringComparison.Ordinal);
        Assert.True(new FileInfo(_folder["f.png"]).Length > 5000);
        string text = Program.Run("denoise", _run, _data, "--noise", "salt-pepper:0.1", "-n", "9", "--out", _folder["g.svg"]).Ok();
        Assert.Contains("means over 9 images with the noise salt-pepper:0.1", text, StringComparison.Ordinal);
        Assert.Contains("note: the model was trained with the noise gaussian:0.4", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Noisy_files_become_denoised_files_of_their_names()
    {
        var model = Autoencoder.Open(_run);
        var images = Latent.Data.DataSets.Open(_data).Test.Take(3);
        for (int i = 0; i < 3; i++)
            ImageFiles.Save(_folder[$"noisy/deep/{i}.png"], images.Image(i), images.Shape);
        Program.Run("denoise", _run, _folder["noisy"], "--out", _folder["clean"]).Ok();
        var written = ImageFiles.Load([.. Enumerable.Range(0, 3).Select(i => _folder[$"clean/deep/{i}.png"])], images.Shape);
        Assert.Equal(Pixels.ToBytes(model.Reconstruct(images)), written.Pixels.ToArray());
        Program.Run("denoise", _run, _folder["noisy/deep/1.png"], "--out", _folder["one.png"]).Ok();
        Assert.Equal(written.Image(1).ToArray(), ImageFiles.Load([_folder["one.png"]], images.Shape).Pixels.ToArray());
        Assert.Equal(
            3,
            (int)JsonNode.Parse(Program.Run("denoise", _run, _folder["noisy"], "--json", "--out", _folder["a.png"]).Ok())!["count"]!
        );
    }

    [Fact]
    public void A_run_says_its_noise_and_goes_on_with_it()
    {
        var options = JsonNode.Parse(File.ReadAllText(Path.Combine(_run, "run.json")))!["options"]!;
        Assert.Equal("gaussian:0.4", (string?)options["noise"]);
        Assert.Equal(2, (int)options["augmentation"]!["shift"]!);
        Program.Run("train", "--resume", _run, "--no-figures").Ok();
        Assert.Contains(
            "noise: gaussian:0.4 in the run, blur:1 asked for",
            Program.Run("train", "--resume", _run, "--noise", "blur:1").Failed(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_without_noise_is_told_where_its_noise_is_asked_for()
    {
        string run = _folder["plain"];
        Program.Run("train", _data, "--steps", "1", "--no-figures", "--out", run).Ok();
        Assert.Contains(
            "was not trained with a noise",
            Program.Run("denoise", run, _data, "--noise", "model").Failed(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "larger than the images",
            Program.Run("denoise", run, _data, "--noise", "mask:29").Failed(),
            StringComparison.Ordinal
        );
    }
}
