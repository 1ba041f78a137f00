namespace Latent.Engine;

/// <summary>
/// How a batch is cut into the parts whose gradients are summed together: by its size alone, so that no result depends on the number of
/// threads.
/// </summary>
internal static class Chunks
{
    /// <summary>The most parts: as many threads can work on a step.</summary>
    public const int Most = 8;

    /// <summary>Images of a part, where there are enough parts.</summary>
    public const int Images = 16;

    /// <summary>Into how many parts so many images are cut.</summary>
    public static int Of(int images) => Math.Clamp((images + Images - 1) / Images, 1, Most);

    /// <summary>The first image of a part; of the part after the last one, the number of images.</summary>
    public static int First(int chunk, int chunks, int images) => (int)((long)images * chunk / chunks);
}
