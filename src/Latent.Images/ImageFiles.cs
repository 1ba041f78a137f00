using Latent.Data;
using Latent.Models;
using Latent.Networks;
using SkiaSharp;

namespace Latent.Images;

/// <summary>Image files in and out.</summary>
public static class ImageFiles
{
    /// <summary>The endings that are read: .png, .jpg, .jpeg, .webp, .bmp, .gif, .tif and .tiff.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"];

    /// <summary>Whether a path ends as an image file does.</summary>
    public static bool HasImageExtension(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Reads image files as a set, in the order given. Of a file with several pictures the first is read; they are turned as EXIF's orientation
    /// says; 16 bits become 8, and CMYK becomes colour.
    /// </summary>
    /// <param name="paths">PNG, JPEG, WebP, BMP, GIF or TIFF files, at least one.</param>
    /// <param name="shape">The shape to give: 1 channel makes grey of colour (0.299 red + 0.587 green + 0.114 blue), 3 make colour of grey.
    /// What is transparent becomes black.</param>
    /// <param name="fit">What to do with an image of another size.</param>
    /// <exception cref="LatentException">A file is missing, no image, or of another size.</exception>
    public static ImageSet Load(IEnumerable<string> paths, Shape shape, ImageFit fit = ImageFit.Refuse)
    {
        PixelImage.Check(shape);
        string[] files = [.. paths];
        if (files.Length == 0)
            throw new LatentException("There is no image to read.", "at least one file", "none");
        var pixels = new byte[checked(files.Length * shape.Size)];
        for (int i = 0; i < files.Length; i++)
            Read(files[i], shape, fit, pixels.AsSpan(i * shape.Size, shape.Size));
        string name = files.Length == 1 ? Path.GetFileName(files[0]) : $"{files.Length} image files";
        return ImageSet.FromPixels(pixels, files.Length, shape.Height, shape.Width, shape.Channels, name: name, names: files);
    }

    /// <summary>The pixels of one image that is in memory as a file: an upload, for example.</summary>
    /// <param name="file">The bytes of a PNG, JPEG, WebP, BMP, GIF or TIFF file.</param>
    /// <param name="shape">The shape to give, as in <see cref="Load"/>.</param>
    /// <param name="fit">What to do with an image of another size.</param>
    /// <param name="name">What messages call it, as the start of a sentence.</param>
    /// <returns>Height × width × channels bytes.</returns>
    /// <exception cref="LatentException">It is no image, of another size, or has more than 2²⁶ pixels.</exception>
    public static byte[] Read(ReadOnlySpan<byte> file, Shape shape, ImageFit fit = ImageFit.Refuse, string name = "The image")
    {
        PixelImage.Check(shape);
        var pixels = new byte[shape.Size];
        ImageDecoder.Decode(name, file.ToArray(), shape, fit, pixels, "scale it first");
        return pixels;
    }

    /// <summary>Writes one image as a PNG file.</summary>
    /// <param name="path">Where it goes; it should end with .png.</param>
    /// <param name="pixels">Height × width × channels numbers from 0 to 1; what is beyond is cut off.</param>
    /// <param name="shape">Its shape, of 1 or 3 channels.</param>
    /// <exception cref="LatentException">The numbers do not fit the shape, or the file cannot be written.</exception>
    public static void Save(string path, ReadOnlySpan<float> pixels, Shape shape) => Save(path, Pixels.ToBytes(pixels), shape);

    /// <summary>Writes one image as a PNG file.</summary>
    /// <param name="path">Where it goes; it should end with .png.</param>
    /// <param name="pixels">Height × width × channels bytes.</param>
    /// <param name="shape">Its shape, of 1 or 3 channels.</param>
    /// <exception cref="LatentException">The bytes do not fit the shape, or the file cannot be written.</exception>
    public static void Save(string path, ReadOnlySpan<byte> pixels, Shape shape)
    {
        PixelImage.Check(shape);
        if (pixels.Length != shape.Size)
            throw new LatentException("The pixels do not fit the shape.", $"{shape}: {shape.Size} numbers", $"{pixels.Length}");
        using var image = PixelImage.Create(pixels, shape);
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        byte[] bytes = data.ToArray();
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <exception cref="LatentException">The file is missing, no image, or of another size.</exception>
    internal static void Read(string path, Shape shape, ImageFit fit, Span<byte> target)
    {
        byte[] bytes;
        try
        {
            // what is no regular file has no length, and one that is opened may never end
            var file = new FileInfo(path);
            if (file.Exists && (file.ResolveLinkTarget(returnFinalTarget: true) ?? file) is not FileInfo { Exists: true, Length: > 0 })
                throw new LatentException(
                    $"The image '{path}' cannot be read.",
                    "a regular file with content",
                    "an empty file, a pipe, a device, or a link to nothing"
                );
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new LatentException($"The image '{path}' cannot be read.", "a file that exists and may be read", e.Message, inner: e);
        }
        ImageDecoder.Decode(
            $"The image '{path}'",
            bytes,
            shape,
            fit,
            target,
            "give an image of that size, or say how it is fitted: --fit crop"
        );
    }
}
