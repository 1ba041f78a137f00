using Latent.Images;
using Latent.Models;
using Microsoft.Extensions.AI;

namespace Latent.Embeddings;

/// <summary>
/// A model's encoder as an embedding generator: image files in memory to their codes. Images of another size are brought to the model's as it was
/// trained. Thread-safe; the codec is the caller's to dispose.
/// </summary>
/// <param name="codec">The model. It must take images of 1 or 3 channels.</param>
public sealed class CodecEmbeddingGenerator(Codec codec) : IEmbeddingGenerator<DataContent, Embedding<float>>
{
    private readonly EmbeddingGeneratorMetadata _metadata = new("latent", providerUri: null, codec.Name, codec.CodeShape.Size);

    /// <summary>The codes of image files.</summary>
    /// <param name="values">
    /// Image files: PNG, JPEG, WebP, BMP, GIF or TIFF, for example <c>new DataContent(File.ReadAllBytes(path), "image/png")</c>.
    /// </param>
    /// <param name="options">Nothing is read of it but the number of dimensions, which must be the model's where it is given.</param>
    /// <param name="cancellationToken">Ends it between two images.</param>
    /// <returns>An embedding of the latent size for each image, in their order.</returns>
    /// <exception cref="LatentException">A value is no image, is damaged or too large, or another number of dimensions was asked for.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<DataContent> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimensions && dimensions != codec.CodeShape.Size)
            throw new LatentException(
                "The model has codes of another size.",
                $"{codec.CodeShape.Size} dimensions, or none said",
                $"{dimensions}"
            );
        return Task.Run(() => Generate(values, cancellationToken), cancellationToken);
    }

    private GeneratedEmbeddings<Embedding<float>> Generate(IEnumerable<DataContent> values, CancellationToken cancellation)
    {
        var fit = codec.Settings.Fit;
        var embeddings = new GeneratedEmbeddings<Embedding<float>>();
        foreach (var value in values)
        {
            cancellation.ThrowIfCancellationRequested();
            byte[] pixels = ImageFiles.Read(
                value.Data.Span,
                codec.ImageShape,
                fit,
                value.Name is { Length: > 0 } name ? $"The image '{name}'" : "The image"
            );
            embeddings.Add(new(codec.Encode(pixels)) { CreatedAt = TimeProvider.System.GetUtcNow(), ModelId = codec.Name });
        }
        return embeddings;
    }

    /// <summary>The codec, the metadata, or the generator itself, where they are of the type asked for; else null.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(codec) ? codec
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Does nothing: the codec is the caller's.</summary>
    public void Dispose() { }
}
