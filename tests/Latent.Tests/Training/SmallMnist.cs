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

    public static Autoencoder Model(int latent = 10, long seed = 1) => new(Article.Encoder(latent), Article.Decoder(latent), seed);
}
