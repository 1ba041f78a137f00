using System.Text.Json;
using CsCheck;
using Latent.Data;
using Latent.Engine;
using Latent.Images;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Networks;
using Latent.Tests.Shared;

namespace Latent.Explorer.Tests.Net;

/// <summary>The networks that run in a page, against Keras and against Latent.</summary>
public sealed class NetTests(NetPage page, ITestOutputHelper output) : IClassFixture<NetPage>
{
    public static IEnumerable<TheoryDataRow<string>> KerasCases() =>
        GoldenFolder
            .Names(Path.Combine("parity", "layers"), "*.safetensors")
            .Where(name => !name.StartsWith("batch_norm_train", StringComparison.Ordinal))
            .Select(name => new TheoryDataRow<string>(name));

    [GoldenTheory]
    [MemberData(nameof(KerasCases))]
    public async Task A_layer_agrees_with_Keras(string file)
    {
        var tensors = new GoldenTensors(GoldenFolder.PathOf("parity", "layers", file));
        using var config = JsonDocument.Parse(tensors.Metadata["config"]);
        var layer = NetworkJson.ReadLayer(tensors.Metadata["class"], config.RootElement);
        var input = tensors.Shape("x") switch
        {
            [_, var size] => Shape.Vector(size),
            [_, var height, var width, var channels] => new Shape(height, width, channels),
            _ => throw new NotSupportedException(file),
        };
        var network = new Network("layer", input, layer!);
        var weights = new WeightStore(new ParameterLayout(network));
        foreach (var parameter in weights.Layout.Parameters)
            tensors.Floats($"weight/{parameter.Weight.Name}").CopyTo(weights[parameter]);
        float[] y = await page.RunAsync(network, weights, tensors.Floats("x"));
        Near.Relative(tensors.Floats("y"), y, 1e-5, file);
    }

    /// <summary>Every layer with every option, behind each other in ways that no one would think of.</summary>
    [Fact]
    public async Task Random_networks_agree_with_Latent()
    {
        var random = new PCG(1);
        for (int i = 0; i < 300; i++)
        {
            var drawn = RandomNetwork.Any.Generate(random, null, out _);
            var network = new Network("random", drawn.Input, [.. drawn.Layers.Select(layer => layer with { Name = null })]);
            var model = new Autoencoder(network, new Network("nothing", network.Output, new ActivationLayer(Activation.Linear)));
            float[] inputs = Numbers($"inputs {i}", 2 * network.Input.Size);
            foreach (var parameter in model.Weights.Layout.Parameters)
                Numbers($"{parameter.Name} {i}", parameter.Count, ofVariance: parameter.Weight.Name == "moving_variance")
                    .CopyTo(model.Weights[parameter]);
            model.Weights.Touch();
            float[] expected = model.Encode(inputs);
            if (!Array.TrueForAll(expected, float.IsFinite))
                continue; // an exponential of an exponential
            float[] outputs = await page.RunAsync(network, model.Weights, inputs);
            double room = 2e-4 * Math.Max(0.01, Near.Largest(Near.Doubles(expected)));
            Near.Absolute(expected, outputs, room, $"network {i}: {NetworkJson.Write(network)}");
        }
    }

    /// <summary>They run as one layer, which never makes the large image.</summary>
    [Fact]
    public async Task An_upsampling_and_its_convolution_agree_with_Latent()
    {
        foreach (var factor in (Size2[])[1, 2, 3, (1, 2), (3, 2)])
        foreach (var kernel in (Size2[])[1, 2, 3, 5, (2, 3), (4, 1)])
        foreach (var padding in Enum.GetValues<Padding>())
        {
            var network = new Network("pair", new Shape(6, 5, 3), new UpSampling2D(factor), new Conv2D(6, kernel, null, padding));
            var model = new Autoencoder(network, new Network("nothing", network.Output, new ActivationLayer(Activation.Linear)), seed: 1);
            float[] inputs = Numbers("inputs", 2 * network.Input.Size);
            float[] outputs = await page.RunAsync(network, model.Weights, inputs);
            Near.Relative(model.Encode(inputs), outputs, 1e-5, $"{factor} {kernel} {padding}");
        }
    }

    [Fact]
    public async Task Every_layer_and_every_activation_is_there()
    {
        foreach (var model in (Autoencoder[])[EveryPart.Layers(1), EveryPart.Activations(2)])
        {
            float[] images = Numbers("images", 3 * model.ImageShape.Size);
            float[] codes = model.Encode(images);
            float[] shownCodes = await page.RunAsync(model.Encoder, model.Weights, images);
            float[] pictures = await page.RunAsync(model.Decoder, model.Weights, codes);
            Near.Relative(codes, shownCodes, 1e-5, "codes");
            Near.Relative(model.Decode(codes), pictures, 1e-5, "pictures");
        }
    }

    [Theory]
    [InlineData("z2_step100")]
    [InlineData("z10_step100")]
    public async Task The_articles_pictures_are_Latents(string name)
    {
        string path = GoldenFolder.PathOf("golden", $"{name}.safetensors");
        Assert.SkipUnless(File.Exists(path), $"there are no weights {path}");
        var model = Autoencoder.Open(path);
        var images = Mnist.Load(Repository.Mnist).Test.Take(300);
        float[] codes = model.Encode(images),
            pictures = model.Decode(codes),
            shown = await page.RunAsync(model.Decoder, model.Weights, codes);
        float[] shownCodes = await page.RunAsync(model.Encoder, model.Weights, [.. images.Pixels.ToArray().Select(pixel => pixel / 255f)]);
        Near.Relative(codes, shownCodes, 1e-5, "codes");
        double[] difference = [.. pictures.Zip(shown, (a, b) => Math.Abs((double)a - b))];
        int levels = Pixels.ToBytes(pictures).Zip(Pixels.ToBytes(shown), (a, b) => Math.Abs(a - b)).Max();
        double milliseconds = await page.MedianAsync(model.Decoder, model.Weights, codes[..model.LatentSize], 200);
        output.WriteLine(
            $"{name}: pictures differ by at most {difference.Max():g2} ({levels} of 255 levels); {milliseconds:0.00} ms a picture"
        );
        Assert.True(difference.Max() < 1e-4, $"{difference.Max()}");
        Assert.InRange(levels, 0, 1);
        Assert.True(milliseconds < 300, $"{milliseconds} ms");
    }

    /// <summary>Normally distributed numbers of a name; those of a variance at least a half.</summary>
    private static float[] Numbers(string name, int count, bool ofVariance = false)
    {
        var stream = new RandomStream(1, name);
        return
        [
            .. Enumerable.Range(0, count).Select(_ => (float)stream.NextGaussian()).Select(x => ofVariance ? 0.5f + Math.Abs(x) : 0.4f * x),
        ];
    }
}
