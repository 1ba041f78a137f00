using Latent.Data;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Explorer.Tests.Page;

/// <summary>Models and images for pages.</summary>
internal static class Models
{
    private static readonly Lazy<ImageSet> s_test = new(() => Mnist.Load(Repository.Mnist).Test);

    /// <summary>MNIST's test images.</summary>
    public static ImageSet Test => s_test.Value;

    /// <summary>The article's network, trained by Keras for 100 steps where those weights are there, else with weights as drawn.</summary>
    public static Autoencoder Article(int latent)
    {
        string trained = GoldenFolder.PathOf("golden", $"z{latent}_step100.safetensors");
        return File.Exists(trained)
            ? Autoencoder.Open(trained)
            : new(Networks.Article.Encoder(latent), Networks.Article.Decoder(latent), seed: 1);
    }

    /// <summary>A layer of a program's own, which does nothing.</summary>
    public sealed record OwnLayer : CustomLayer
    {
        public override Shape Output(Shape input) => input;

        public override void Forward(in LayerForward pass) => pass.Input.CopyTo(pass.Output);

        public override void Backward(in LayerBackward pass) => pass.OutputGradient.CopyTo(pass.InputGradient);
    }
}
