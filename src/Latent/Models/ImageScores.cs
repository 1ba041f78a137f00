using Latent.Data;
using Latent.Engine;

namespace Latent.Models;

/// <summary>What tells how unlike those of the training an image is.</summary>
public enum ScoreKind
{
    /// <summary>The mean squared difference of an image and its reconstruction.</summary>
    Error,

    /// <summary>
    /// The error of the blurred reconstruction in relation to the image, times the root of how far the code is from those of the training. It needs a
    /// <see cref="CodeSpread"/>.
    /// </summary>
    Combined,
}

/// <summary>Scores of images: the higher, the less an image is like those of the training.</summary>
public static class ImageScores
{
    private const double Floor = 0.0064; // in squares of a pixel: an image that is almost black has an error in relation to this

    /// <summary>The scores of the images of a set, as the model's file says or as other settings say.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images.</param>
    /// <param name="settings">Null for the model's.</param>
    /// <returns>A number of at least 0 for each image.</returns>
    /// <exception cref="LatentException">
    /// The images have another shape, the model gives no images, or the combined score has no <see cref="CodecSettings.Spread"/>.
    /// </exception>
    public static double[] Scores(this Autoencoder model, SampleSet images, CodecSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        settings ??= model.Info.Codec ?? new();
        model.RequireImages();
        if (settings.Score == ScoreKind.Error)
            return model.Losses(images);
        var scores = new double[images.Count];
        const int block = 256;
        var numbers = new float[block * images.Shape.Size];
        for (int start = 0; start < images.Count; start += block)
        {
            int count = Math.Min(block, images.Count - start);
            for (int i = 0; i < count; i++)
                images.CopyTo(start + i, numbers.AsSpan(i * images.Shape.Size, images.Shape.Size));
            Combined(model, numbers.AsSpan(0, count * images.Shape.Size), Required(settings, model), scores.AsSpan(start, count));
        }
        return scores;
    }

    /// <summary>The combined scores of n images of floats.</summary>
    internal static void Combined(Autoencoder model, ReadOnlySpan<float> images, CodeSpread spread, Span<double> scores)
    {
        float[] codes = model.Encode(images);
        float[] outputs = model.Decode(codes);
        int size = model.ImageShape.Size,
            latent = model.LatentSize;
        var shape = model.ImageShape;
        var difference = new float[size];
        var room = new float[size];
        for (int i = 0; i < scores.Length; i++)
        {
            var image = images.Slice(i * size, size);
            double energy = Floor * size;
            for (int j = 0; j < size; j++)
            {
                difference[j] = image[j] - outputs[i * size + j];
                energy += (double)image[j] * image[j];
            }
            if (!shape.IsVector)
                for (int pass = 0; pass < Passes; pass++)
                    Blur(difference, room, shape.Height, shape.Width, shape.Channels);
            double error = 0;
            foreach (float d in difference)
                error += (double)d * d;
            scores[i] = error / energy * Math.Pow(spread.Distance(codes.AsSpan(i * latent, latent)), Power);
        }
    }

    /// <exception cref="LatentException">There is none, or it is of other codes.</exception>
    internal static CodeSpread Required(CodecSettings settings, Autoencoder model) =>
        settings.Spread is { } spread && spread.LatentSize == model.LatentSize
            ? spread
            : throw new LatentException(
                "The combined score needs to know where the codes of normal images lie.",
                $"a spread of codes of {model.LatentSize}",
                settings.Spread is { } other ? $"one of codes of {other.LatentSize}" : "none",
                "measure it: CodeSpread.Of(model, images); latent score RUN INPUT --score combined --save keeps it in the model"
            );

    /// <summary>Each number becomes a quarter, a half and a quarter of those before, at and behind it, down and across; at an edge of itself.</summary>
    private static void Blur(float[] pixels, float[] room, int height, int width, int channels)
    {
        int row = width * channels;
        for (int y = 0; y < height; y++)
        {
            int above = Math.Max(0, y - 1) * row,
                here = y * row,
                below = Math.Min(height - 1, y + 1) * row;
            for (int x = 0; x < row; x++)
                room[here + x] = 0.25f * pixels[above + x] + 0.5f * pixels[here + x] + 0.25f * pixels[below + x];
        }
        for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
        {
            int before = (y * width + Math.Max(0, x - 1)) * channels,
                here = (y * width + x) * channels,
                behind = (y * width + Math.Min(width - 1, x + 1)) * channels;
            for (int c = 0; c < channels; c++)
                pixels[here + c] = 0.25f * room[before + c] + 0.5f * room[here + c] + 0.25f * room[behind + c];
        }
    }

    private const int Passes = 2;

    private const double Power = 0.25; // of the squared distance
}
