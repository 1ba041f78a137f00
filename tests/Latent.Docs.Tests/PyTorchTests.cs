using System.Runtime.InteropServices;
using Latent.Data;
using Latent.Models;
using Latent.Networks;

namespace Latent.Docs.Tests;

/// <summary>docs/recipes/pytorch.md: its code runs in PyTorch, and gives what Latent gives.</summary>
[Trait("Category", "Slow")]
public sealed class PyTorchTests : IDisposable
{
    private const int Count = 256;
    private const double Allowed = 1e-5;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_pages_code_loads_a_model_and_gives_it_back()
    {
        var images = Mnist.Load(Repository.Mnist).Test.Take(Count);
        var model = new Autoencoder(Article.Encoder(10), Article.Decoder(10), seed: 1);
        model.Save(_folder["model.safetensors"]);
        Write("images", Array.ConvertAll(images.Pixels.ToArray(), pixel => pixel / 255f));
        await Run(
            """
            model = Autoencoder(latent=10)
            model.load_state_dict(from_latent(load(folder + "model.safetensors")))
            x = read("images").reshape(-1, 1, 28, 28)
            with torch.no_grad():
                code = model.encoder(x)
                write("codes", code)
                write("outputs", model.decoder(code))
                model.encoder.dense.bias += 1
                write("changed", model(x))
            save(folder + "back.safetensors", to_latent(model.state_dict()))
            """
        );
        Near.Absolute(model.Encode(images), Read("codes"), Allowed, "codes");
        Near.Absolute(model.Reconstruct(images), Read("outputs"), Allowed, "outputs");
        Near.Absolute(
            Autoencoder.Open(_folder["back.safetensors"]).Reconstruct(images),
            Read("changed"),
            Allowed,
            "outputs of the model that came back"
        );
    }

    [Fact]
    public async Task The_other_rows_of_the_table_hold()
    {
        var encoder = new Network(
            "encoder",
            new(5, 4, 3),
            new Conv2DTranspose(6, 3, 2, Padding.Same),
            new BatchNormalization(),
            new PReLU(SharePixels: true),
            new UpSampling2D(2) { Interpolation = Interpolation.Bilinear }
        );
        var model = new Autoencoder(encoder, new("decoder", encoder.Output, new ActivationLayer(Activation.Linear)), seed: 2);
        var random = new Engine.RandomStream(3, "numbers");
        foreach (var parameter in model.Weights.Layout.Parameters)
            if (parameter.Weight.Initializer != Initializer.GlorotUniform)
                foreach (ref float value in model.Weights[parameter])
                    value = (float)(0.5 + random.NextDouble());
        model.Weights.Touch();
        model.Save(_folder["model.safetensors"]);
        float[] input = [.. Enumerable.Range(0, 2 * 60).Select(_ => (float)(random.NextDouble() * 2 - 1))];
        Write("images", input);
        await Run(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.conv2d_transpose = nn.ConvTranspose2d(3, 6, 3, stride=2)
                    self.batch_normalization = nn.BatchNorm2d(6, eps=1e-3, momentum=0.01)
                    self.p_re_lu = nn.PReLU(6)
                def forward(self, x):
                    x = self.conv2d_transpose(x)[:, :, :2 * x.shape[2], :2 * x.shape[3]]
                    x = self.p_re_lu(self.batch_normalization(x))
                    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
            model = nn.ModuleDict({"encoder": Net()}).eval()
            left = model.load_state_dict(from_latent(load(folder + "model.safetensors")), strict=False)
            assert left.missing_keys in ([], ["encoder.batch_normalization.num_batches_tracked"]) and not left.unexpected_keys, left
            with torch.no_grad():
                x = read("images").reshape(-1, 5, 4, 3).permute(0, 3, 1, 2)
                write("outputs", model["encoder"](x).permute(0, 2, 3, 1).contiguous())
            """
        );
        Near.Absolute(model.Encode(input), Read("outputs"), Allowed, "outputs");
    }

    /// <summary>Runs a script behind the code of the page.</summary>
    private async Task Run(string script)
    {
        string help = """
            import sys
            folder = sys.argv[1] + "/"
            torch.set_num_threads(1)
            def read(name): return torch.from_numpy(np.fromfile(folder + name, "<f4"))
            def write(name, tensor): tensor.numpy().tofile(folder + name)

            """;
        await Python.Run($"{Code()}\n{help}\n{script}", ["torch", "numpy"], _folder.Path);
    }

    /// <summary>The blocks of Python that are marked on the page, one after the other.</summary>
    private static string Code()
    {
        const string Mark = "<!-- pytorch -->\n```python\n";
        string[] parts = Pages.Read("docs/recipes/pytorch.md").Split(Mark)[1..];
        Assert.Equal(2, parts.Length);
        return string.Join('\n', parts.Select(part => part[..part.IndexOf("```", StringComparison.Ordinal)]));
    }

    private void Write(string name, float[] numbers) =>
        File.WriteAllBytes(_folder[name], MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray());

    private float[] Read(string name) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(_folder[name])).ToArray();
}
