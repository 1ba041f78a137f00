using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Latent.Data;
using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Engine;

/// <summary>The same seed gives the same weights, to the bit: with any number of threads here, at any register width in <see cref="WidthTests"/>.</summary>
public sealed class SameBitsTests
{
    [Theory]
    [InlineData("article")]
    [InlineData("alternatives")]
    [InlineData("colour")]
    [InlineData("every layer")]
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
        string hash = string.Join(
            '\n',
            ((string[])["article", "alternatives", "colour", "every layer"]).Select(n => Train(n, threads: 2, steps: 3))
        );
        if (!File.Exists(path))
            File.WriteAllText(path, hash);
        Assert.Equal(File.ReadAllText(path), hash);
    }

    private static Autoencoder EveryLayer(long seed) =>
        new(
            new Network(
                "encoder",
                Article.Mnist,
                new GaussianNoise(0.2f),
                new Conv2D(6, 3, 2, Padding.Same, Activation.Silu),
                new BatchNormalization(),
                new PReLU(SharePixels: true),
                new Conv2D(5, 3, null, Padding.Same, Activation.Gelu) { DilationRate = 2 },
                new AveragePooling2D(2),
                new ZeroPadding2D(),
                new Dropout(0.25f),
                new Flatten(),
                new Dense(4)
            ),
            new Network(
                "decoder",
                Shape.Vector(4),
                new Dense(8 * 8 * 3, Activation.Selu),
                new Reshape(new(8, 8, 3)),
                new BatchNormalization(0.9f),
                new ELU(),
                new Cropping2D(new Margins(1, 0, 0, 1)),
                new UpSampling2D(4) { Interpolation = Interpolation.Bilinear },
                new Conv2D(1, 3, null, Padding.Same, Activation.Sigmoid)
            ),
            seed
        );

    private static string Train(string network, int threads, long seed = 7, int steps = 6)
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
            "every layer" => EveryLayer(seed),
            _ => new Autoencoder(Article.Encoder(3, new(12, 16, 3)), Article.Decoder(3, new(12, 16, 3)), seed),
        };
        if (network == "colour")
            images = ImageSet.FromPixels(images.Pixels[..(400 * 12 * 16 * 3)], 400, 12, 16, 3);
        foreach (
            Optimizer optimizer in (Optimizer[])
                [
                    new RMSprop(1e-3f),
                    new Muon(),
                    new Nadam
                    {
                        GlobalClipNorm = 0.01f,
                        UseEma = true,
                        EmaOverwriteFrequency = 2,
                    },
                ]
        )
        {
            using var program = new TrainingProgram(
                model.Weights,
                network == "alternatives" ? new BinaryCrossentropy() : new MeanSquaredError(),
                optimizer,
                threads
            );
            var rows = new int[61]; // no multiple of a chunk
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
