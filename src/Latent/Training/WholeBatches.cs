namespace Latent.Training;

/// <summary>
/// The part of a set that whole batches cover: what the article's validation counts, which drops the images left over. One place for it, so that
/// every number said to be counted as the article counts is of the same images.
/// </summary>
public static class WholeBatches
{
    /// <summary>The images in one of the article's batches.</summary>
    public const int Size = 64;

    /// <summary>How many images whole batches of <see cref="Size"/> cover: the first so many of a set.</summary>
    /// <param name="images">How many images there are, 0 or more.</param>
    /// <returns>A multiple of 64, at most <paramref name="images"/>: 9,984 of 10,000, and 0 of fewer than 64.</returns>
    public static int Of(int images) => images - images % Size;
}
