using Latent.Data;
using Latent.Engine;
using Latent.Engine.Kernels;

namespace Latent.Analysis;

/// <summary>
/// XᵀX and the column sums of images whose pixels are whole numbers from 0 to 255, without any rounding: 256 products of bytes come to less
/// than 2²⁴ and fit a float, and what is added up of these fits a double. So the order of the sums, the threads and the registers leave no
/// trace.
/// </summary>
internal static unsafe class PixelGram
{
    private const int ExactRows = 256;
    private const int MostFloats = 1 << 20; // of pixels at once: 4 MB
    private const int Strip = 32;

    /// <summary>Of all images: their size plus one rows, of which the upper triangle is filled.</summary>
    /// <param name="images">At least one image.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="stride">The length of a row.</param>
    /// <returns>The products of pixels i and j in row i, column j ≥ i; the sum of pixel i behind them, in the column that an image is long.</returns>
    public static double[] Of(ImageSet images, int threads, out int stride)
    {
        int size = images.Shape.Size,
            columns = size + 1, // of ones: their products with the pixels are the pixels' sums
            row = stride = (columns + 15) / 16 * 16;
        var gram = new double[stride * stride];
        int most = Math.Clamp(MostFloats / stride / ExactRows, 1, 64) * ExactRows;
        var pixels = new FloatBuffer(Math.Min(most, images.Count) * stride);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        for (int start = 0; start < images.Count; start += most)
        {
            int first = start,
                count = Math.Min(most, images.Count - start);
            Parallel.For(
                0,
                (count + ExactRows - 1) / ExactRows,
                parallel,
                block =>
                {
                    for (int n = block * ExactRows; n < Math.Min(count, (block + 1) * ExactRows); n++)
                    {
                        float* to = pixels.Pointer + (nint)n * row;
                        var image = images.Image(first + n);
                        for (int d = 0; d < image.Length; d++)
                            to[d] = image[d];
                        to[size] = 1;
                    }
                }
            );
            Parallel.For(
                0,
                (columns + Strip - 1) / Strip,
                parallel,
                strip => Add(pixels.Pointer, count, columns, row, gram, strip * Strip)
            );
        }
        GC.KeepAlive(pixels);
        return gram;
    }

    /// <summary>Adds the products of some columns with themselves and all to their right.</summary>
    private static void Add(float* pixels, int count, int columns, int stride, double[] gram, int from)
    {
        int rows = Math.Min(Strip, columns - from),
            right = columns - from;
        var sums = new FloatBuffer(Strip * stride);
        for (int n = 0; n < count; n += ExactRows)
        {
            float* block = pixels + (nint)n * stride + from;
            Product.Multiply<Store>(rows, right, Math.Min(ExactRows, count - n), block, 1, stride, block, stride, sums.Pointer, right);
            for (int i = 0; i < rows; i++)
            {
                var target = gram.AsSpan((from + i) * stride + from, right);
                float* sum = sums.Pointer + (nint)i * right;
                for (int j = 0; j < target.Length; j++)
                    target[j] += sum[j];
            }
        }
        GC.KeepAlive(sums);
    }
}
