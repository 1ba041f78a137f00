using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using Latent.Networks;

namespace Latent.Analysis;

/// <summary>The window of the structural similarity.</summary>
public enum SsimWindow
{
    /// <summary>A Gaussian of σ = 1.5 pixels, 11 × 11, as in the original paper; variances are those of the weighted pixels.</summary>
    Gaussian,

    /// <summary>7 × 7 pixels of the same weight; variances are the unbiased ones, over 48.</summary>
    Uniform,
}

/// <summary>How large the windows are.</summary>
public static class SsimWindows
{
    internal const int GaussianSide = 11,
        UniformSide = 7;

    /// <summary>Whether images of a shape are as large as the window, so that they can be compared.</summary>
    /// <param name="window">The window.</param>
    /// <param name="shape">The shape of the images.</param>
    public static bool Fits(this SsimWindow window, Shape shape) =>
        !shape.IsVector && Math.Min(shape.Height, shape.Width) >= (window == SsimWindow.Uniform ? UniformSide : GaussianSide);
}

/// <summary>
/// The structural similarity (Wang, Bovik, Sheikh and Simoncelli, 2004, equation 13), with their constants K₁ = 0.01 and K₂ = 0.03: the mean over
/// all windows that lie in the image and over the channels.
/// </summary>
public static class StructuralSimilarity
{
    /// <summary>The similarity of two images.</summary>
    /// <param name="image">Height × width × channels pixels.</param>
    /// <param name="other">As many.</param>
    /// <param name="shape">Their shape: at least as large as the window.</param>
    /// <param name="window">The window.</param>
    /// <param name="range">The largest difference that two pixels can have, above 0.</param>
    /// <returns>−1 to 1; 1 for equal images.</returns>
    /// <exception cref="LatentException">The numbers do not fit the shape, it is smaller than the window, or the range is out of range.</exception>
    public static double Of(
        ReadOnlySpan<float> image,
        ReadOnlySpan<float> other,
        Shape shape,
        SsimWindow window = SsimWindow.Gaussian,
        double range = 1
    )
    {
        ImageMetrics.CheckRange(range);
        double[] weights = Weights(window);
        if (image.Length != shape.Size || other.Length != shape.Size)
            throw new LatentException(
                "The images do not fit the shape.",
                $"{shape}: {shape.Size} numbers each",
                $"{image.Length} and {other.Length}"
            );
        if (!window.Fits(shape))
            throw new LatentException(
                "The images are too small for the structural similarity.",
                $"at least {weights.Length} × {weights.Length} pixels",
                $"{shape}",
                window == SsimWindow.Gaussian && !shape.IsVector ? "use SsimWindow.Uniform, which needs 7 × 7" : null
            );
        // the unbiased variance of n pixels is n / (n − 1) times that of the window
        double size = weights.Length * weights.Length,
            unbiased = window == SsimWindow.Uniform ? size / (size - 1) : 1,
            sum = 0;
        // thousands of images are measured one after the other: a room for each would be hundreds of megabytes to collect
        double[] room = ArrayPool<double>.Shared.Rent(Maps * shape.Height * shape.Width);
        for (int channel = 0; channel < shape.Channels; channel++)
            sum += OfChannel(image, other, shape, channel, room, weights, unbiased, range);
        ArrayPool<double>.Shared.Return(room);
        return sum / shape.Channels;
    }

    private const int Maps = 8; // that OfChannel needs, each as large as the image

    private static double OfChannel(
        ReadOnlySpan<float> image,
        ReadOnlySpan<float> other,
        Shape shape,
        int channel,
        double[] room,
        double[] weights,
        double unbiased,
        double range
    )
    {
        double c1 = Math.Pow(0.01 * range, 2),
            c2 = Math.Pow(0.03 * range, 2);
        int size = shape.Height * shape.Width;
        Span<double> x = Map(0),
            y = Map(1),
            values = Map(2);
        for (int i = 0; i < size; i++)
            (x[i], y[i]) = (image[i * shape.Channels + channel], other[i * shape.Channels + channel]);
        Span<double> meanX = Mean(x, 3),
            meanY = Mean(y, 4),
            meanXX = Mean(Product(x, x, values), 5),
            meanYY = Mean(Product(y, y, values), 6),
            meanXY = Mean(Product(x, y, values), 0); // in the place of x, which is not needed any more
        int rows = shape.Height - weights.Length + 1,
            columns = shape.Width - weights.Length + 1;
        double sum = 0;
        for (int row = 0; row < rows; row++)
        for (int i = row * shape.Width; i < row * shape.Width + columns; i++)
        {
            double a = meanX[i],
                b = meanY[i],
                variances = unbiased * (meanXX[i] - a * a + meanYY[i] - b * b),
                covariance = unbiased * (meanXY[i] - a * b);
            sum += (2 * a * b + c1) * (2 * covariance + c2) / ((a * a + b * b + c1) * (variances + c2));
        }
        return sum / (rows * columns);

        Span<double> Map(int index) => room.AsSpan(index * size, size);

        Span<double> Mean(ReadOnlySpan<double> numbers, int to)
        {
            Filter(numbers, shape.Width, weights, Map(Maps - 1), Map(to));
            return Map(to);
        }

        static Span<double> Product(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> to)
        {
            for (int i = 0; i < to.Length; i++)
                to[i] = a[i] * b[i];
            return to;
        }
    }

    /// <summary>
    /// The weighted mean of each window; the window's weights are products of those of its row and column. Rows stay as wide as the image, so
    /// that each weight is one long sum: what stands in a row behind the last window that lies in the image is of no use.
    /// </summary>
    private static void Filter(ReadOnlySpan<double> values, int width, double[] weights, Span<double> down, Span<double> filtered)
    {
        int length = values.Length - (weights.Length - 1) * width;
        down.Clear();
        for (int i = 0; i < weights.Length; i++)
            AddScaled(values.Slice(i * width, length), weights[i], down);
        filtered.Clear();
        for (int i = 0; i < weights.Length; i++)
            AddScaled(down[i..length], weights[i], filtered);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // it is done after some calls, before it would be compiled well
    private static void AddScaled(ReadOnlySpan<double> from, double factor, Span<double> to)
    {
        var factors = new Vector<double>(factor);
        int i = 0;
        for (; i <= from.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(to[i..]) + new Vector<double>(from[i..]) * factors).CopyTo(to[i..]);
        for (; i < from.Length; i++)
            to[i] += from[i] * factor;
    }

    private static double[] Weights(SsimWindow window)
    {
        double[] weights = window switch
        {
            SsimWindow.Gaussian =>
            [
                .. Enumerable
                    .Range(-SsimWindows.GaussianSide / 2, SsimWindows.GaussianSide)
                    .Select(i => Math.Exp(-i * i / (2 * 1.5 * 1.5))),
            ],
            SsimWindow.Uniform => [.. Enumerable.Repeat(1.0, SsimWindows.UniformSide)],
            _ => throw new LatentException("There is no such window.", "Gaussian or Uniform", $"{(int)window}"),
        };
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
