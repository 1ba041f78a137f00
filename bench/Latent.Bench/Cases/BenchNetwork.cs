using Latent.Networks;

namespace Latent.Bench.Cases;

/// <summary>A network that is measured.</summary>
/// <param name="Name">Short, for options and requests.</param>
/// <param name="Title">What a table calls it.</param>
/// <param name="Encoder">Image to code.</param>
/// <param name="Decoder">Code to image.</param>
/// <param name="Rate">The learning rate that it is trained with.</param>
internal sealed record BenchNetwork(string Name, string Title, Network Encoder, Network Decoder, float Rate)
{
    public static BenchNetwork Article10 { get; } = OfArticle(10, 3e-4f);

    public static BenchNetwork Article2 { get; } = OfArticle(2, 1e-3f);

    /// <summary>A larger network of colour images: the engine is for all networks, not for one.</summary>
    public static BenchNetwork Colour64 { get; } =
        new(
            "colour64",
            "the network of 64 × 64 × 3",
            new(
                "encoder",
                new(64, 64, 3),
                Convolution(32, strides: 2),
                Convolution(32),
                Convolution(64, strides: 2),
                Convolution(64),
                Convolution(128, strides: 2),
                Convolution(128),
                new Flatten(),
                new Dense(64)
            ),
            new(
                "decoder",
                Shape.Vector(64),
                new Dense(8 * 8 * 128, Activation.Relu),
                new Reshape(new(8, 8, 128)),
                Convolution(128),
                new UpSampling2D(2),
                Convolution(64),
                new UpSampling2D(2),
                Convolution(32),
                new UpSampling2D(2),
                Convolution(3, activation: Activation.Sigmoid)
            ),
            3e-4f
        );

    public static IReadOnlyList<BenchNetwork> All { get; } = [Article10, Article2, Colour64];

    /// <summary>Whether its images are MNIST's.</summary>
    public bool IsMnist => Encoder.Input == Article.Mnist;

    public static BenchNetwork Named(string name) => All.Single(network => network.Name == name);

    private static BenchNetwork OfArticle(int latent, float rate) =>
        new($"article{latent}", $"the article's network, z = {latent}", Article.Encoder(latent), Article.Decoder(latent), rate);

    private static Conv2D Convolution(int filters, int strides = 1, Activation? activation = null) =>
        new(filters, 3, strides, Padding.Same, activation ?? Activation.Relu);
}
