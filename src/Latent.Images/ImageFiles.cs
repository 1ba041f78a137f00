using Latent.Data;
using Latent.Networks;

namespace Latent.Images;

/// <summary>Image files in and out.</summary>
public static class ImageFiles
{
    /// <summary>The endings that are read: .png, .jpg, .jpeg, .webp and .bmp.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".png", ".jpg", ".jpeg", ".webp", ".bmp"];

    /// <summary>Whether a path ends as an image file does.</summary>
    public static bool HasImageExtension(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads image files as a set, in the order given.</summary>
    /// <param name="paths">PNG, JPEG, WebP or BMP files, at least one.</param>
    /// <param name="shape">The shape to give: 1 channel makes grey of colour (0.299 red + 0.587 green + 0.114 blue), 3 make colour of grey.</param>
    /// <param name="resize">Whether images of another size are scaled to it; else they are refused.</param>
    /// <exception cref="LatentException">A file is missing, no image, or of another size.</exception>
    public static ImageSet Load(IEnumerable<string> paths, Shape shape, bool resize = false) => throw new NotSupportedException();

    /// <summary>Writes one image as a PNG file.</summary>
    /// <param name="path">Where it goes; it should end with .png.</param>
    /// <param name="pixels">Height × width × channels numbers from 0 to 1; what is beyond is cut off.</param>
    /// <param name="shape">Its shape, of 1 or 3 channels.</param>
    /// <exception cref="LatentException">The numbers do not fit the shape, or the file cannot be written.</exception>
    public static void Save(string path, ReadOnlySpan<float> pixels, Shape shape) => throw new NotSupportedException();

    /// <summary>Writes one image as a PNG file.</summary>
    /// <param name="path">Where it goes; it should end with .png.</param>
    /// <param name="pixels">Height × width × channels bytes.</param>
    /// <param name="shape">Its shape, of 1 or 3 channels.</param>
    /// <exception cref="LatentException">The bytes do not fit the shape, or the file cannot be written.</exception>
    public static void Save(string path, ReadOnlySpan<byte> pixels, Shape shape) => throw new NotSupportedException();
}
