using Latent.Networks;

namespace Latent.Tests.Networks;

public sealed class ArticleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_latent_size_below_one_is_refused(int latent)
    {
        var encoder = Assert.Throws<LatentException>(() => Article.Encoder(latent));
        Assert.Contains($"Received: {latent}", encoder.Message, StringComparison.Ordinal);
        Assert.NotNull(encoder.Fix);
        Assert.Throws<LatentException>(() => Article.Decoder(latent));
    }

    [Theory]
    [InlineData(8, 8, 2, "2 × 2 × 8", "2 × 2 × 64")]
    [InlineData(28, 28, 2, "7 × 7 × 8", "7 × 7 × 64")]
    [InlineData(30, 28, 2, "8 × 7 × 8", "8 × 7 × 64")]
    [InlineData(32, 48, 2, "8 × 12 × 8", "8 × 12 × 64")]
    [InlineData(64, 64, 3, "8 × 8 × 16", "8 × 8 × 128")]
    [InlineData(100, 75, 3, "13 × 10 × 16", "13 × 10 × 128")]
    [InlineData(128, 128, 4, "8 × 8 × 32", "8 × 8 × 128")]
    [InlineData(224, 224, 5, "7 × 7 × 64", "7 × 7 × 128")]
    public void The_network_grows_until_about_seven_pixels_are_left(int height, int width, int halvings, string encoded, string decoded)
    {
        var image = new Shape(height, width, 3);
        Assert.Equal(halvings, Article.Halvings(image));
        var encoder = Article.Encoder(5, image, halvings: halvings);
        Assert.Equal(encoded, Before<Flatten>(encoder, 0));
        var decoder = Article.Decoder(5, image, halvings: halvings);
        Assert.Equal(decoded, Before<Reshape>(decoder, 1));
        Assert.Equal(image, decoder.Output);
        Assert.Equal(image, Article.Decoder(5, image, Upsampling.TransposedConvolution, halvings).Output);
        Assert.Equal(Shape.Vector(5), Article.Encoder(5, image, Downsampling.MaxPooling, halvings: halvings).Output);

        static string Before<T>(Network network, int plus)
        {
            var shape = network.Input;
            for (int i = 0; i < network.Layers.Length; i++)
            {
                if (network.Layers[i] is T && plus == 0)
                    break;
                shape = network.Layers[i].Output(shape);
                if (network.Layers[i] is T)
                    break;
            }
            return $"{shape.Height} × {shape.Width} × {shape.Channels}";
        }
    }

    [Fact]
    public void A_network_for_a_size_that_halves_unevenly_learns()
    {
        var image = new Shape(27, 34, 1);
        var model = new Latent.Models.Autoencoder(Article.Encoder(4, image), Article.Decoder(4, image), seed: 1);
        byte[] pixels = [.. Enumerable.Range(0, 64 * image.Size).Select(i => (byte)(128 + 100 * Math.Sin(i / (5.0 + i / image.Size))))];
        var images = Latent.Data.ImageSet.FromPixels(pixels, 64, 27, 34);
        double before = model.Losses(images).Average();
        Latent.Training.Trainer.Fit(
            model,
            images,
            null,
            new() { Epochs = 10, BatchSize = 16 },
            cancellation: TestContext.Current.CancellationToken
        );
        Assert.True(model.Losses(images).Average() < before);
        Assert.Equal(64 * image.Size, model.Reconstruct(images).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Halvings_out_of_range_are_refused(int halvings)
    {
        Assert.Throws<LatentException>(() => Article.Encoder(2, halvings: halvings));
        Assert.Throws<LatentException>(() => Article.Decoder(2, halvings: halvings));
        Assert.Throws<LatentException>(() => Article.Encoder(2, Shape.Vector(784)));
    }

    [Theory]
    [InlineData(Downsampling.Strides, Upsampling.UpSampling)]
    [InlineData(Downsampling.MaxPooling, Upsampling.TransposedConvolution)]
    public void All_alternatives_have_the_articles_parameters(Downsampling down, Upsampling up)
    {
        var layout = new ParameterLayout(Article.Encoder(10, downsampling: down), Article.Decoder(10, upsampling: up));
        Assert.Equal(95_939, layout.Count);
        Assert.Equal(5_762, new ParameterLayout(layout.Networks[0]).Count);
        Assert.Equal(90_177, new ParameterLayout(layout.Networks[1]).Count);
    }
}
