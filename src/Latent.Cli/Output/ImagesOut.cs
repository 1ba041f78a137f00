using Latent.Data;
using Latent.Formats;
using Latent.Images;
using Latent.Networks;

namespace Latent.Cli.Output;

/// <summary>Images of floats into a file or a folder, by the kind of path.</summary>
internal sealed class ImagesOut(Shape shape, string path)
{
    private readonly PicturePlaces _places = new(); // of all that is written

    /// <summary>A .npy file takes all numbers, a .png file one image, and a folder an image for each name, in the folders that it says.</summary>
    public void Write(ReadOnlySpan<float> pixels, IReadOnlyList<string> names)
    {
        if (path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            Npy.Write(path, pixels, names.Count, shape.Height, shape.Width, shape.Channels);
        else if (path.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            ImageFiles.Save(path, pixels, shape);
        else
            WriteFolder(pixels, names);
    }

    /// <summary>Originals over reconstructions as one picture.</summary>
    public static void Pairs(ImageSet originals, ReadOnlySpan<float> reconstructions, string path) =>
        Figures
            .Reconstructions(
                originals,
                reconstructions[..(originals.Count * originals.Shape.Size)],
                new() { Reconstructions = originals.Count }
            )
            .Save(path);

    /// <summary>Several images as one picture.</summary>
    public void Sheet(ReadOnlySpan<float> pixels, int count)
    {
        var bytes = Pixels.ToBytes(pixels);
        var images = ImageSet.FromPixels(bytes, count, shape.Height, shape.Width, shape.Channels, name: "decoded codes");
        Figures.Examples(images, new() { Examples = count }).Save(path);
    }

    private void WriteFolder(ReadOnlySpan<float> pixels, IReadOnlyList<string> names)
    {
        if (File.Exists(path))
            throw new LatentException($"'{path}' is a file.", "a folder, or a file ending in .png, .svg or .npy", "a file of another kind");
        for (int i = 0; i < names.Count; i++)
            ImageFiles.Save(Path.Combine(path, _places.Of(names[i])), pixels.Slice(i * shape.Size, shape.Size), shape);
    }
}
