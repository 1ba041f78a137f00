using Latent.Data;
using Latent.Networks;
using SkiaSharp;

namespace Latent.Images;

public static partial class Figures
{
    private static readonly SKColor FarColor = new(0xd7, 0x30, 0x27);

    /// <summary>Images that were sampled, each with the nearest image of a set to its right.</summary>
    /// <param name="title">What one sees.</param>
    /// <param name="subtitle">What to know about it; null for none.</param>
    /// <param name="samples">n × image size numbers from 0 to 1.</param>
    /// <param name="image">The shape of an image.</param>
    /// <param name="nearest">For each sample the index of the nearest image; empty to draw the samples alone.</param>
    /// <param name="among">The set that the indexes are of; null where there are none.</param>
    /// <param name="far">For each sample whether it is framed as far from all data; empty for none.</param>
    /// <param name="options">The scales count here.</param>
    /// <exception cref="LatentException">The numbers do not fit each other, an option is out of range, or the images have neither 1 nor 3 channels.</exception>
    public static Figure Samples(
        string title,
        string? subtitle,
        ReadOnlySpan<float> samples,
        Shape image,
        IReadOnlyList<int> nearest,
        ImageSet? among,
        IReadOnlyList<bool> far,
        FigureOptions? options = null
    )
    {
        options = Checked(options);
        PixelImage.Check(image);
        int count = samples.Length / image.Size;
        bool pairs = nearest.Count > 0;
        if (
            count == 0
            || samples.Length % image.Size != 0
            || (pairs && (nearest.Count != count || among?.Shape != image))
            || (far.Count > 0 && far.Count != count)
        )
            throw new LatentException(
                "The samples cannot be drawn.",
                $"one image of {image} or more, and the nearest of each or of none",
                $"{samples.Length} numbers, {nearest.Count} nearest"
            );
        byte[] bytes = Pixels.ToBytes(samples);

        const float inner = 1;
        const float gap = 9;
        float scale = PixelImage.Scale(image, count > 40 ? ImageSide / 2 : ImageSide * 0.6f, options.ImageScale);
        var size = new SKSize(scale * image.Width, scale * image.Height);
        float wide = pairs ? 2 * size.Width + inner : size.Width;
        int columns = Math.Min(count, Math.Max(1, (int)((MaxWidth + gap) / (wide + gap))));
        if (count > columns)
            columns = Evenly(count, columns);
        int rows = (count + columns - 1) / columns;
        return new Figure(
            title,
            subtitle,
            columns * (wide + gap) - gap,
            rows * (size.Height + gap) - gap,
            options.Scale,
            (canvas, body) =>
            {
                for (int i = 0; i < count; i++)
                {
                    float x = body.Left + i % columns * (wide + gap);
                    float y = body.Top + i / columns * (size.Height + gap);
                    PixelImage.Draw(canvas, bytes.AsSpan(i * image.Size, image.Size), image, SKRect.Create(x, y, size.Width, size.Height));
                    if (pairs)
                        PixelImage.Draw(
                            canvas,
                            among!.Image(nearest[i]),
                            image,
                            SKRect.Create(x + size.Width + inner, y, size.Width, size.Height)
                        );
                    bool isFar = far.Count > 0 && far[i];
                    Ink.Frame(canvas, SKRect.Create(x, y, wide, size.Height), isFar ? FarColor : Ink.Line, isFar ? 2.5f : 0.75f);
                }
            }
        );
    }
}
