using Latent.Data;
using Latent.Models;
using Latent.Networks;

namespace Latent.Images;

/// <summary>Decodes image files on all cores, a block at a time, in their order; what cannot be read is left out.</summary>
internal static class ImageReader
{
    private const int MostBlockBytes = 1 << 24;
    private const int MostBlockFiles = 512;

    /// <summary>Files for a block of a shape.</summary>
    public static int BlockFiles(Shape shape) => Math.Clamp(MostBlockBytes / shape.Size, 1, MostBlockFiles);

    /// <summary>Blocks of pixels and of the files that they are of. The array is used again for the next block.</summary>
    /// <param name="files">The files.</param>
    /// <param name="shape">The shape to give.</param>
    /// <param name="fit">What to do with an image of another size.</param>
    /// <param name="skip">Told of what is left out, in order.</param>
    /// <param name="cancellation">Ends it between blocks.</param>
    public static IEnumerable<(byte[] Pixels, List<FolderFile> Files)> Read(
        IEnumerable<FolderFile> files,
        Shape shape,
        ImageFit fit,
        Action<FolderFile, LatentException> skip,
        CancellationToken cancellation = default
    )
    {
        var pixels = new byte[BlockFiles(shape) * shape.Size];
        foreach (var block in files.Chunk(BlockFiles(shape)))
        {
            cancellation.ThrowIfCancellationRequested();
            var problems = new LatentException?[block.Length];
            Parallel.For(0, block.Length, i => problems[i] = Try(block[i].Path, shape, fit, pixels, i));
            var read = new List<FolderFile>(block.Length);
            for (int i = 0; i < block.Length; i++)
            {
                if (problems[i] is { } problem)
                {
                    skip(block[i], problem);
                    continue;
                }
                if (read.Count < i)
                    pixels.AsSpan(i * shape.Size, shape.Size).CopyTo(pixels.AsSpan(read.Count * shape.Size));
                read.Add(block[i]);
            }
            if (read.Count > 0)
                yield return (pixels, read);
        }
    }

    private static LatentException? Try(string path, Shape shape, ImageFit fit, byte[] pixels, int at)
    {
        try
        {
            ImageFiles.Read(path, shape, fit, pixels.AsSpan(at * shape.Size, shape.Size));
            return null;
        }
        catch (LatentException e)
        {
            return e;
        }
    }
}
