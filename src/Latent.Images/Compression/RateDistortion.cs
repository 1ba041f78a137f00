using Latent.Analysis;
using Latent.Data;
using Latent.Models;
using Latent.Networks;

namespace Latent.Images;

/// <summary>
/// How few bytes images can be, and what is left of them: by the codes of a model, by principal components, by image files. What comes back is
/// compared as bytes, as a file has them.
/// </summary>
public static class RateDistortion
{
    /// <summary>The codes of a model: as floats, and with 8 and with 4 bits a number, entropy coded.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">Images of its shape.</param>
    /// <exception cref="LatentException">The images have another shape.</exception>
    public static IReadOnlyList<RatePoint> Codes(Autoencoder model, ImageSet images)
    {
        model.RequireImages();
        return Packed("autoencoder", model.Encode(images), model.LatentSize, images, codes => model.Decode(codes));
    }

    /// <summary>As many principal components as a code has numbers, in the same way. They are known to both sides, as a model is.</summary>
    /// <param name="pca">Fitted to training images.</param>
    /// <param name="images">Images of as many numbers.</param>
    /// <exception cref="LatentException">The images have another size.</exception>
    public static IReadOnlyList<RatePoint> Components(Pca pca, ImageSet images) =>
        Packed("PCA", pca.Encode(images.ToFloats()), pca.Components, images, codes => pca.Decode(codes));

    /// <summary>A file for each image.</summary>
    /// <param name="images">Grey or colour images.</param>
    /// <param name="format">The kind of file.</param>
    /// <param name="quality">0 to 100; PNG has none.</param>
    public static RatePoint Files(ImageSet images, PictureFormat format, int quality)
    {
        var pixels = new byte[images.Pixels.Length];
        var (bytes, payloads) = (new int[images.Count], new int[images.Count]);
        Parallel.For(
            0,
            images.Count,
            i =>
            {
                byte[] file = PictureCodec.Encode(images.Image(i), images.Shape, format, quality);
                (bytes[i], payloads[i]) = (file.Length, PictureCodec.Payload(file, format));
                PictureCodec.Decode(file, images.Shape).CopyTo(pixels, i * images.Shape.Size);
            }
        );
        return Point(
            Name(format),
            format == PictureFormat.Png ? "lossless" : $"quality {quality}",
            null,
            bytes.Average(),
            payloads.Average(),
            images,
            pixels
        );
    }

    /// <summary>One file for all images, side by side: the format's headers count once. As many images as fit a picture of 8,192 pixels a side.</summary>
    /// <param name="images">Grey or colour images.</param>
    /// <param name="format">The kind of file.</param>
    /// <param name="quality">0 to 100; PNG has none.</param>
    public static RatePoint Sheet(ImageSet images, PictureFormat format, int quality) =>
        Sheet(new ImageSheet(images), images, format, quality);

    /// <summary>
    /// One file for all images with the quality at which it has about as many bytes an image as are asked for: the nearest that the format has.
    /// </summary>
    /// <param name="images">Grey or colour images.</param>
    /// <param name="format">A kind of file with a quality.</param>
    /// <param name="bytes">Bytes an image.</param>
    public static RatePoint SheetOf(ImageSet images, PictureFormat format, double bytes)
    {
        var sheet = new ImageSheet(images);
        (int low, int high) = (0, 100); // the size grows with the quality
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Bytes(middle) < bytes)
                low = middle + 1;
            else
                high = middle;
        }
        int quality = low > 0 && bytes - Bytes(low - 1) < Bytes(low) - bytes ? low - 1 : low;
        return Sheet(sheet, images, format, quality);

        double Bytes(int quality) => (double)PictureCodec.Encode(sheet.Pixels, sheet.Shape, format, quality).Length / sheet.Count;
    }

    private static RatePoint Sheet(ImageSheet sheet, ImageSet images, PictureFormat format, int quality)
    {
        byte[] file = PictureCodec.Encode(sheet.Pixels, sheet.Shape, format, quality);
        byte[] pixels = sheet.Cut(PictureCodec.Decode(file, sheet.Shape));
        return Point(
            $"{Name(format)}, one file",
            format == PictureFormat.Png ? "lossless" : $"quality {quality}",
            null,
            (double)file.Length / sheet.Count,
            (double)PictureCodec.Payload(file, format) / sheet.Count,
            images.Take(sheet.Count),
            pixels
        );
    }

    private static IReadOnlyList<RatePoint> Packed(
        string method,
        float[] codes,
        int size,
        ImageSet images,
        Func<float[], float[]> decode
    ) =>
        [
            .. CodePacking
                .Bits.OrderDescending()
                .Select(bits =>
                {
                    byte[] packed = CodePacking.Pack(codes, size, bits);
                    byte[] pixels = Pixels.ToBytes(decode(CodePacking.Unpack(packed, images.Count, size, bits)));
                    double bytes = (double)packed.Length / images.Count;
                    return Point(method, bits == 32 ? $"{size} × float32" : $"{size} × {bits} bits", size, bytes, bytes, images, pixels);
                }),
        ];

    private static RatePoint Point(string method, string setting, int? size, double bytes, double payload, ImageSet images, byte[] pixels)
    {
        int length = images.Shape.Size;
        var squares = new double[images.Count];
        var similarities = new double[images.Count];
        Parallel.For(
            0,
            images.Count,
            i =>
            {
                ReadOnlySpan<byte> original = images.Image(i),
                    other = pixels.AsSpan(i * length, length);
                long sum = 0;
                for (int p = 0; p < length; p++)
                    sum += (original[p] - other[p]) * (original[p] - other[p]);
                squares[i] = sum / 65025.0 / length;
                similarities[i] = sum == 0 ? 1 : Similarity(original, other, images.Shape);
            }
        );
        return new(method, setting, size, bytes, payload, squares.Average(), similarities.Average());
    }

    private static double Similarity(ReadOnlySpan<byte> image, ReadOnlySpan<byte> other, Shape shape)
    {
        var window = SsimWindow.Gaussian.Fits(shape) ? SsimWindow.Gaussian : SsimWindow.Uniform;
        return window.Fits(shape) ? StructuralSimilarity.Of(Floats(image), Floats(other), shape, window) : double.NaN;

        static float[] Floats(ReadOnlySpan<byte> bytes)
        {
            var floats = new float[bytes.Length];
            for (int i = 0; i < floats.Length; i++)
                floats[i] = bytes[i] / 255f;
            return floats;
        }
    }

    private static string Name(PictureFormat format) =>
        format == PictureFormat.Jpeg ? "JPEG"
        : format == PictureFormat.Png ? "PNG"
        : "WebP";
}
