using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Engine;

/// <summary>The same seed gives the same weights, to the bit: with any number of threads here, at any register width in <see cref="WidthTests"/>.</summary>
public sealed class SameBitsTests
{
    public static TheoryData<string> Networks =>
        ["article", "alternatives", "colour", "every layer", "every activation", "every loss", "every optimizer", "noise"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void One_two_and_five_threads_give_the_same_weights(string network)
    {
        string one = Train(network, threads: 1);
        Assert.Equal(one, Train(network, threads: 2));
        Assert.Equal(one, Train(network, threads: 5));
    }

    [Fact]
    public void Another_seed_gives_other_weights() => Assert.NotEqual(Train("article", 1), Train("article", 1, seed: 8));

    /// <summary>Runs in processes of other register widths, which compare their hashes through a file.</summary>
    [Fact]
    public void Register_widths_give_the_same_weights()
    {
        string path = Environment.GetEnvironmentVariable(WidthTests.HashFile) ?? "";
        Assert.SkipWhen(path.Length == 0, "WidthTests runs this in processes of its own");
        string hash = string.Join('\n', Networks.Select(row => $"{row.Data}: {Train(row.Data, threads: 2, steps: 2, batch: 23)}"));
        if (!File.Exists(path))
            File.WriteAllText(path, hash);
        Assert.Equal(File.ReadAllText(path), hash);
    }

    // batches that are no multiple of a chunk
    private static string Train(string network, int threads, long seed = 7, int steps = 6, int batch = 61)
    {
        var images = Mnist.Load(Repository.Mnist).Train.Take(400);
        var model = network switch
        {
            "article" => new Autoencoder(Article.Encoder(10), Article.Decoder(10), seed),
            "alternatives" => new(
                Article.Encoder(5, downsampling: Downsampling.MaxPooling, codeActivation: Activation.Relu),
                Article.Decoder(5, upsampling: Upsampling.TransposedConvolution),
                seed
            ),
            "every layer" => EveryPart.Layers(seed),
            "every activation" => EveryPart.Activations(seed),
            _ => new(Article.Encoder(3, new(12, 16, 3)), Article.Decoder(3, new(12, 16, 3)), seed),
        };
        if (model.Encoder.Input.Channels == 3)
            images = ImageSet.FromPixels(images.Pixels[..(400 * 12 * 16 * 3)], 400, 12, 16, 3);
        Optimizer[] optimizers = network switch
        {
            "every optimizer" =>
            [
                .. EveryPart.Optimizers(),
                new Nadam
                {
                    GlobalClipNorm = 0.01f,
                    UseEma = true,
                    EmaOverwriteFrequency = 2,
                },
            ],
            "article" => [new RMSprop(1e-3f), new Muon()],
            _ => [new Adam(1e-3f)],
        };
        IEnumerable<Loss> losses =
            network == "every loss" ? Loss.All
            : network == "alternatives" ? [new BinaryCrossentropy()]
            : [new MeanSquaredError()];
        InputNoise?[] noises =
            network == "noise"
                ? [new GaussianInputNoise(0.4f), new SaltPepperNoise(0.1f), new MaskNoise(5, 2), new BlurNoise(1.5f)]
                : [null];
        foreach (var noise in noises)
        foreach (var loss in losses)
        foreach (var optimizer in optimizers)
        {
            using var program = new TrainingProgram(model.Weights, loss, optimizer, threads, seed)
            {
                Noise = noise,
                Augmentation = noise is null
                    ? null
                    : new()
                    {
                        Flip = Flip.Both,
                        Shift = 0.1f,
                        Brightness = 0.2f,
                        Noise = 0.05f,
                    },
            };
            var rows = new int[batch];
            for (int step = 0; step < steps; step++)
            {
                for (int i = 0; i < rows.Length; i++)
                    rows[i] = (step * rows.Length + i) % images.Count;
                program.Step(images, rows);
            }
        }
        return Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(model.Weights.Values)));
    }
}
