using Latent.Networks;
using SkiaSharp;

namespace Latent.Images;

/// <summary>
/// The error of a reconstruction over its picture: the picture in paler grey, and on it yellow over orange to dark red where the error is
/// large. What is small is left clear.
/// </summary>
public static class ErrorOverlay
{
    /// <summary>The colours of small to large errors: ColorBrewer's yellow, orange and red (Harrower and Brewer, 2003).</summary>
    private static readonly ColorMap s_colors = ColorMap.YlOrRd;

    /// <summary>The frame and the number of an image above a threshold.</summary>
    internal static readonly SKColor Mark = new(0xc6, 0x1a, 0x27);

    private const double Opaque = 0.25; // the part of the scale from which on nothing of the picture is seen below the colour

    /// <summary>
    /// A scale for the overlays of some images: the largest error among them but for one pixel in a thousand, so that single pixels do not
    /// make all others pale; at least 0.01.
    /// </summary>
    /// <param name="errors">Errors of pixels, at least one.</param>
    /// <exception cref="LatentException">There is no error.</exception>
    public static double ScaleOf(ReadOnlySpan<float> errors)
    {
        if (errors.IsEmpty)
            throw new LatentException("There is no error to draw.", "at least one number", "none");
        float[] sorted = errors.ToArray();
        Array.Sort(sorted);
        float scale = sorted[(int)(0.999 * (sorted.Length - 1))];
        return float.IsFinite(scale) ? Math.Max(0.01, scale) : 1;
    }

    /// <summary>The overlay of one image.</summary>
    /// <param name="image">Height × width × channels bytes.</param>
    /// <param name="errors">Height × width numbers of at least 0.</param>
    /// <param name="shape">The image's shape, of 1 or 3 channels.</param>
    /// <param name="scale">The error that gets the last colour; above 0.</param>
    /// <returns>Height × width × 3 bytes.</returns>
    /// <exception cref="LatentException">The numbers do not fit the shape, this is no picture, or the scale is out of range.</exception>
    public static byte[] Of(ReadOnlySpan<byte> image, ReadOnlySpan<float> errors, Shape shape, double scale)
    {
        PixelImage.Check(shape);
        if (image.Length != shape.Size || errors.Length != shape.Height * shape.Width)
            throw new LatentException(
                "The errors do not fit the image.",
                $"{shape.Size} bytes of {shape} and an error for each of {shape.Height * shape.Width} pixels",
                $"{image.Length} and {errors.Length}"
            );
        if (!(scale > 0) || !double.IsFinite(scale))
            throw new LatentException("The scale of the errors is out of range.", "a number above 0", $"{scale}");
        var overlay = new byte[3 * errors.Length];
        for (int i = 0; i < errors.Length; i++)
        {
            var pixel = image.Slice(i * shape.Channels, shape.Channels);
            double grey = shape.Channels == 1 ? pixel[0] : 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
            double paler = 60 + 140 * grey / 255; // from dark to light grey: dark red is seen on the one, yellow on the other
            double share = float.IsNaN(errors[i]) ? 1 : Math.Clamp(errors[i] / scale, 0, 1);
            double cover = Math.Min(1, share / Opaque);
            var (red, green, blue) = s_colors.At(share);
            overlay[3 * i] = Mix(paler, red, cover);
            overlay[3 * i + 1] = Mix(paler, green, cover);
            overlay[3 * i + 2] = Mix(paler, blue, cover);
        }
        return overlay;
    }

    private static byte Mix(double from, double to, double share) => (byte)Math.Round(from + share * (to - from));
}
