using Latent.Data;
using Latent.Models;
using Latent.Networks;
using SkiaSharp;

namespace Latent.Images;

/// <summary>Image files in and out.</summary>
public static class ImageFiles
{
    private const int MostPixels = 1 << 26; // 256 MiB decoded: a file of some kilobytes can claim more than memory has

    /// <summary>The endings that are read: .png, .jpg, .jpeg, .webp and .bmp.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".png", ".jpg", ".jpeg", ".webp", ".bmp"];

    /// <summary>Whether a path ends as an image file does.</summary>
    public static bool HasImageExtension(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads image files as a set, in the order given.</summary>
    /// <param name="paths">PNG, JPEG, WebP or BMP files, at least one.</param>
    /// <param name="shape">The shape to give: 1 channel makes grey of colour (0.299 red + 0.587 green + 0.114 blue), 3 make colour of grey.
    /// What is transparent becomes black.</param>
    /// <param name="resize">Whether images of another size are scaled to it; else they are refused.</param>
    /// <exception cref="LatentException">A file is missing, no image, or of another size.</exception>
    public static ImageSet Load(IEnumerable<string> paths, Shape shape, bool resize = false)
    {
        PixelImage.Check(shape);
        string[] files = [.. paths];
        if (files.Length == 0)
            throw new LatentException("There is no image to read.", "at least one file", "none");
        var pixels = new byte[checked(files.Length * shape.Size)];
        for (int i = 0; i < files.Length; i++)
            Read(files[i], shape, resize, pixels.AsSpan(i * shape.Size, shape.Size));
        string name = files.Length == 1 ? Path.GetFileName(files[0]) : $"{files.Length} image files";
        return ImageSet.FromPixels(pixels, files.Length, shape.Height, shape.Width, shape.Channels, name: name);
    }

    /// <summary>The pixels of one image that is in memory as a file: an upload, for example.</summary>
    /// <param name="file">The bytes of a PNG, JPEG, WebP or BMP file.</param>
    /// <param name="shape">The shape to give, as in <see cref="Load"/>.</param>
    /// <param name="fit">What to do with an image of another size.</param>
    /// <param name="name">What messages call it, as the start of a sentence.</param>
    /// <returns>Height × width × channels bytes.</returns>
    /// <exception cref="LatentException">It is no image, of another size, or has more than 2²⁶ pixels.</exception>
    public static byte[] Read(ReadOnlySpan<byte> file, Shape shape, ImageFit fit = ImageFit.Refuse, string name = "The image")
    {
        PixelImage.Check(shape);
        var pixels = new byte[shape.Size];
        using var data = SKData.CreateCopy(file);
        Read(name, data, shape, fit == ImageFit.Stretch, pixels, "scale it first");
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

    private static void Read(string path, Shape shape, bool resize, Span<byte> target)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new LatentException($"The image '{path}' cannot be read.", "a file that exists and may be read", e.Message, inner: e);
        }
        using var data = SKData.CreateCopy(bytes);
        Read($"The image '{path}'", data, shape, resize, target, "give an image of that size, or scale it with --resize");
    }

    private static void Read(string name, SKData data, Shape shape, bool resize, Span<byte> target, string fix)
    {
        using var decoded = Decode(name, data);
        if (decoded.Width == shape.Width && decoded.Height == shape.Height)
        {
            Copy(decoded, shape, target);
            return;
        }
        if (!resize)
            throw new LatentException(
                $"{name} has another size than the model's images.",
                $"{shape.Height} × {shape.Width} pixels (height × width)",
                $"{decoded.Height} × {decoded.Width}",
                fix
            );
        using var resized = decoded.Resize(
            decoded.Info.WithSize(shape.Width, shape.Height),
            new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)
        );
        Copy(resized, shape, target);
    }

    private static SKBitmap Decode(string name, SKData data)
    {
        using var codec = SKCodec.Create(data);
        if (codec is not null)
        {
            if ((long)codec.Info.Width * codec.Info.Height > MostPixels)
                throw new LatentException(
                    $"{name} is too large.",
                    $"at most {MostPixels:N0} pixels",
                    $"{codec.Info.Height:N0} × {codec.Info.Width:N0}",
                    "scale it first"
                );
            // premultiplied: colours over black where they are transparent
            var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
            if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) == SKCodecResult.Success)
                return bitmap;
            bitmap.Dispose();
        }
        throw new LatentException(
            $"{name} cannot be decoded.",
            "a PNG, JPEG, WebP or BMP file that is whole",
            data.Size == 0 ? "an empty file"
                : codec is null ? $"{data.Size} bytes of something else"
                : "a damaged or truncated file"
        );
    }

    private static void Copy(SKBitmap bitmap, Shape shape, Span<byte> target)
    {
        var source = bitmap.GetPixelSpan();
        for (int row = 0; row < shape.Height; row++)
        for (int column = 0; column < shape.Width; column++)
        {
            var pixel = source.Slice(row * bitmap.RowBytes + 4 * column, 3);
            int i = row * shape.Width + column;
            if (shape.Channels == 3)
                pixel.CopyTo(target[(3 * i)..]);
            else
                target[i] = (byte)((pixel[0] * 19595 + pixel[1] * 38470 + pixel[2] * 7471 + 0x8000) >> 16); // ITU-R BT.601 in 16 bits
        }
    }
}
