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
    [InlineData(30, 28)]
    [InlineData(28, 30)]
    public void A_side_that_four_does_not_divide_is_refused(int height, int width)
    {
        var shape = new Shape(height, width, 1);
        Assert.Contains(
            "divisible by 4",
            Assert.Throws<LatentException>(() => Article.Encoder(2, shape)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<LatentException>(() => Article.Decoder(2, shape));
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
