using Latent.Data;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Training;

/// <summary>Real images, few of them.</summary>
internal static class SmallMnist
{
    private static readonly Lazy<(ImageSet Train, ImageSet Test)> s_all = new(() => Mnist.Load(Repository.Mnist));

    public static ImageSet Train(int count) => s_all.Value.Train.Take(count);

    public static ImageSet Test(int count) => s_all.Value.Test.Take(count);

    /// <summary>Images of 8 by 8 of an image's pixels.</summary>
    public static ImageSet Tiny(ImageSet images)
    {
        var pixels = new byte[images.Count * 64];
        for (int i = 0; i < pixels.Length; i++)
        {
            int image = i / 64,
                y = 2 + i % 64 / 8 * 3,
                x = 2 + i % 8 * 3;
            pixels[i] = images.Pixels[(image * 28 + y) * 28 + x];
        }
        return ImageSet.FromPixels(pixels, images.Count, 8, 8, 1);
    }

    /// <summary>A network for <see cref="Tiny"/>, with or without layers that do something else in training than in use.</summary>
    public static Autoencoder TinyModel(bool withTraining = false, long seed = 1)
    {
        return new(
            new Network(
                "encoder",
                new Shape(8, 8, 1),
                [
                    .. Trained(new GaussianNoise(0.1f)),
                    new Conv2D(4, 3, 2, Padding.Same, Activation.Relu),
                    .. Trained(new BatchNormalization(0.9f)),
                    new Flatten(),
                    .. Trained(new Dropout(0.2f)),
                    new Dense(2),
                ]
            ),
            new Network(
                "decoder",
                Shape.Vector(2),
                [
                    new Dense(32, Activation.Relu),
                    new Reshape(new(4, 4, 2)),
                    .. Trained(new BatchNormalization()),
                    new UpSampling2D(),
                    new Conv2D(1, 3, null, Padding.Same, Activation.Sigmoid),
                ]
            ),
            seed
        );

        IEnumerable<Layer> Trained(Layer layer) => withTraining ? [layer] : [];
    }

    public static Autoencoder Model(int latent = 10, long seed = 1) => new(Article.Encoder(latent), Article.Decoder(latent), seed);
}
