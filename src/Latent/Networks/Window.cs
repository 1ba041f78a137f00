namespace Latent.Networks;

/// <summary>One direction of a sliding window (convolution or pooling): how many places it takes and how many cells lie before the image.</summary>
/// <param name="Output">Places of the window.</param>
/// <param name="Before">Cells of padding above or left of the image.</param>
/// <param name="After">Cells of padding below or right of it.</param>
internal readonly record struct Window(int Output, int Before, int After)
{
    /// <summary>The geometry of Keras: 'same' gives ceil(n/s) places, and the odd cell of padding comes after the image.</summary>
    public static Window Of(int size, int kernel, int stride, Padding padding)
    {
        if (padding == Padding.Valid)
            return new((size - kernel) / stride + 1, 0, 0);
        int output = (size - 1) / stride + 1;
        int total = Math.Max(0, checked((output - 1) * stride + kernel - size));
        return new(output, total / 2, total - total / 2);
    }

    /// <summary>
    /// The geometry of a transposed convolution, as the convolution it is the transpose of: Output is the size of the larger image, Before
    /// the rows or columns cropped in front. 'same' gives n·s, 'valid' n·s + max(k − s, 0).
    /// </summary>
    public static Window Transposed(int size, int kernel, int stride, Padding padding)
    {
        int output = checked(padding == Padding.Same ? size * stride : size * stride + Math.Max(kernel - stride, 0));
        int natural = checked((size - 1) * stride + kernel);
        int cropped = padding == Padding.Same ? Math.Max(0, natural - output) : 0;
        return new(output, cropped / 2, cropped - cropped / 2);
    }
}
