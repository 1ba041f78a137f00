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
        if (shape.IsVector || shape.Height < weights.Length || shape.Width < weights.Length)
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
        for (int channel = 0; channel < shape.Channels; channel++)
            sum += OfChannel(Channel(image, shape, channel), Channel(other, shape, channel), shape, weights, unbiased, range);
        return sum / shape.Channels;
    }

    private static double OfChannel(double[] x, double[] y, Shape shape, double[] weights, double unbiased, double range)
    {
        double c1 = Math.Pow(0.01 * range, 2),
            c2 = Math.Pow(0.03 * range, 2);
        double[] meanX = Mean(x),
            meanY = Mean(y),
            meanXX = Mean(Product(x, x)),
            meanYY = Mean(Product(y, y)),
            meanXY = Mean(Product(x, y));
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

        static double[] Product(double[] a, double[] b)
        {
            var products = new double[a.Length];
            for (int i = 0; i < products.Length; i++)
                products[i] = a[i] * b[i];
            return products;
        }

        double[] Mean(double[] values) => Filtered(values, shape.Height, shape.Width, weights);
    }

    /// <summary>
    /// The weighted mean of each window; the window's weights are products of those of its row and column. Rows stay as wide as the image, so
    /// that each weight is one long sum: what stands in a row behind the last window that lies in the image is of no use.
    /// </summary>
    private static double[] Filtered(double[] values, int height, int width, double[] weights)
    {
        int length = (height - weights.Length + 1) * width;
        var down = new double[length];
        for (int i = 0; i < weights.Length; i++)
            AddScaled(values.AsSpan(i * width, length), weights[i], down);
        var filtered = new double[length];
        for (int i = 0; i < weights.Length; i++)
            AddScaled(down.AsSpan(i), weights[i], filtered.AsSpan(0, length - i));
        return filtered;
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

    private static double[] Channel(ReadOnlySpan<float> image, Shape shape, int channel)
    {
        var values = new double[shape.Height * shape.Width];
        for (int i = 0; i < values.Length; i++)
            values[i] = image[i * shape.Channels + channel];
        return values;
    }

    private static double[] Weights(SsimWindow window)
    {
        double[] weights = window switch
        {
            SsimWindow.Gaussian => [.. Enumerable.Range(-5, 11).Select(i => Math.Exp(-i * i / (2 * 1.5 * 1.5)))],
            SsimWindow.Uniform => [.. Enumerable.Repeat(1.0, 7)],
            _ => throw new LatentException("There is no such window.", "Gaussian or Uniform", $"{(int)window}"),
        };
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
