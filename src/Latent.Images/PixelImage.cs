using Latent.Networks;
using SkiaSharp;

namespace Latent.Images;

/// <summary>Images of numbers or bytes as Skia's.</summary>
internal static class PixelImage
{
    /// <exception cref="LatentException">The shape is no picture.</exception>
    public static void Check(Shape shape)
    {
        if (shape.IsVector || shape.Channels is not (1 or 3))
            throw new LatentException("These cannot be drawn as images.", "height × width × 1 (grey) or × 3 (colour)", $"{shape}");
    }

    /// <summary>The caller disposes it.</summary>
    public static SKImage Create(ReadOnlySpan<byte> pixels, Shape shape)
    {
        int count = shape.Height * shape.Width;
        if (shape.Channels == 1)
            return SKImage.FromPixelCopy(new SKImageInfo(shape.Width, shape.Height, SKColorType.Gray8, SKAlphaType.Opaque), pixels);
        var four = new byte[4 * count];
        for (int i = 0; i < count; i++)
        {
            pixels.Slice(3 * i, 3).CopyTo(four.AsSpan(4 * i));
            four[4 * i + 3] = 255;
        }
        return SKImage.FromPixelCopy(new SKImageInfo(shape.Width, shape.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), four);
    }

    /// <summary>Draws an image with square, sharp pixels where it grows, and smoothly where it shrinks.</summary>
    public static void Draw(SKCanvas canvas, ReadOnlySpan<byte> pixels, Shape shape, SKRect area)
    {
        using var image = Create(pixels, shape);
        var sampling =
            area.Width >= shape.Width
                ? new SKSamplingOptions(SKFilterMode.Nearest)
                : new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear);
        canvas.DrawImage(image, area, sampling);
    }

    /// <summary>Units per pixel so that an image is about <paramref name="side"/> units large: a multiple of a half where it grows, so that every pixel is as large as the others at the usual scale of 2.</summary>
    public static float Scale(Shape shape, float side, double? wanted)
    {
        if (wanted is { } scale)
            return (float)scale;
        float ratio = side / Math.Max(shape.Height, shape.Width);
        return ratio >= 1 ? MathF.Round(2 * ratio) / 2 : ratio;
    }
}
