using Latent.Data;
using Latent.Images;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using Microsoft.Extensions.AI;

namespace Latent.Embeddings.Tests;

public sealed class CodecEmbeddingGeneratorTests : IDisposable
{
    private static readonly ImageSet s_digits = Mnist.Load(Repository.Mnist).Test.Take(5);

    private readonly TemporaryFolder _folder = new();
    private readonly Codec _codec;
    private readonly CodecEmbeddingGenerator _generator;

    public CodecEmbeddingGeneratorTests()
    {
        var model = new Autoencoder(Article.Encoder(6), Article.Decoder(6), seed: 2)
        {
            Info = new() { Codec = new() { Fit = ImageFit.Pad } },
        };
        _codec = new(model);
        _generator = new(_codec);
    }

    public void Dispose()
    {
        _generator.Dispose();
        _codec.Dispose();
        _folder.Dispose();
    }

    private DataContent Digit(int i)
    {
        string path = _folder[$"{i}.png"];
        ImageFiles.Save(path, s_digits.Image(i), s_digits.Shape);
        return new(File.ReadAllBytes(path), "image/png") { Name = $"{i}.png" };
    }

    [Fact]
    public async Task Embeddings_are_the_codes_in_order()
    {
        var embeddings = await _generator.GenerateAsync(
            [Digit(0), Digit(1), Digit(2)],
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(3, embeddings.Count);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(_codec.Encode(s_digits.Image(i)), embeddings[i].Vector.ToArray());
            Assert.Equal(6, embeddings[i].Dimensions);
        }
        Assert.Empty(await _generator.GenerateAsync([], cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_image_of_another_size_is_fitted_as_the_model_was_trained()
    {
        string path = _folder["wide.png"];
        byte[] wide = [.. Enumerable.Range(0, 28 * 56).Select(i => (byte)(i * 7))];
        ImageFiles.Save(path, wide, new Shape(28, 56, 1));
        byte[] file = File.ReadAllBytes(path);
        var vector = await _generator.GenerateVectorAsync(
            new DataContent(file, "image/png"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(_codec.Encode(ImageFiles.Read(file, _codec.ImageShape, ImageFit.Pad)), vector.ToArray());
    }

    [Fact]
    public async Task What_is_no_image_is_named()
    {
        var e = await Assert.ThrowsAsync<LatentException>(() =>
            _generator.GenerateAsync(
                [Digit(0), new DataContent("text"u8.ToArray(), "image/png") { Name = "notes.png" }],
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        Assert.Contains("The image 'notes.png' cannot be decoded", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_number_of_dimensions_is_refused()
    {
        var e = await Assert.ThrowsAsync<LatentException>(() =>
            _generator.GenerateAsync([Digit(0)], new() { Dimensions = 128 }, TestContext.Current.CancellationToken)
        );
        Assert.Contains("6 dimensions", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_what_it_is()
    {
        var metadata = _generator.GetRequiredService<EmbeddingGeneratorMetadata>();
        Assert.Equal(("latent", 6), (metadata.ProviderName, metadata.DefaultModelDimensions));
        Assert.Same(_codec, _generator.GetService<Codec>());
        Assert.Same(_generator, _generator.GetService<CodecEmbeddingGenerator>());
        Assert.Null(_generator.GetService<string>());
        Assert.Null(_generator.GetService(typeof(Codec), "key"));
    }
}
