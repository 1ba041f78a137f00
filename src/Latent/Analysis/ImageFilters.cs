using Latent.Networks;

namespace Latent.Analysis;

/// <summary>Filters that remove noise without having learned anything: what a denoising model is held against.</summary>
public static class ImageFilters
{
    /// <summary>
    /// Each pixel becomes the median of the window around it, channel by channel; beyond the border the pixels of the border are repeated.
    /// </summary>
    /// <param name="images">n × height × width × channels numbers.</param>
    /// <param name="shape">The shape of one image.</param>
    /// <param name="radius">The window is 2 · radius + 1 pixels high and wide: 1 to 10.</param>
    /// <returns>As many numbers.</returns>
    /// <exception cref="LatentException">The numbers are no whole images, or the radius is out of range.</exception>
    public static float[] Median(ReadOnlySpan<float> images, Shape shape, int radius)
    {
        if (radius is < 1 or > 10)
            throw new LatentException("The median's radius is out of range.", "1 to 10 pixels", $"{radius}");
        int side = 2 * radius + 1;
        return Each(
            images,
            shape,
            radius,
            (window, padded, to) =>
            {
                Span<float> sorted = stackalloc float[side * side];
                for (int y = 0; y < shape.Height; y++)
                for (int x = 0; x < shape.Width; x++)
                for (int c = 0; c < shape.Channels; c++)
                {
                    int at = (y * window + x) * shape.Channels + c;
                    for (int i = 0; i < side; i++)
                    for (int j = 0; j < side; j++)
                        sorted[i * side + j] = padded[at + (i * window + j) * shape.Channels];
                    sorted.Sort();
                    to[(y * shape.Width + x) * shape.Channels + c] = sorted[side * side / 2];
                }
            }
        );
    }

    /// <summary>
    /// Each pixel becomes the mean of those around it, weighted by how near they are and how alike: Gaussians of their distance in the image and of
    /// the distance of their values, over all channels (Tomasi and Manduchi, 1998). The window ends at two spatial deviations; beyond the border
    /// the pixels of the border are repeated.
    /// </summary>
    /// <param name="images">n × height × width × channels numbers.</param>
    /// <param name="shape">The shape of one image.</param>
    /// <param name="spatialDeviation">In pixels, above 0 and at most 10.</param>
    /// <param name="rangeDeviation">In the numbers' unit, above 0.</param>
    /// <returns>As many numbers.</returns>
    /// <exception cref="LatentException">The numbers are no whole images, or a deviation is out of range.</exception>
    public static float[] Bilateral(ReadOnlySpan<float> images, Shape shape, double spatialDeviation, double rangeDeviation)
    {
        if (!(spatialDeviation is > 0 and <= 10))
            throw new LatentException("The spatial deviation is out of range.", "above 0, at most 10 pixels", $"{spatialDeviation}");
        if (!(rangeDeviation > 0))
            throw new LatentException("The range's deviation is out of range.", "above 0", $"{rangeDeviation}");
        int radius = (int)Math.Ceiling(2 * spatialDeviation),
            side = 2 * radius + 1;
        var near = new float[side * side]; // the exponents
        for (int i = 0; i < near.Length; i++)
        {
            double dy = i / side - radius,
                dx = i % side - radius;
            near[i] = (float)(-(dy * dy + dx * dx) / (2 * spatialDeviation * spatialDeviation));
        }
        float alike = (float)(-1 / (2 * rangeDeviation * rangeDeviation));
        return Each(
            images,
            shape,
            radius,
            (window, padded, to) =>
            {
                int channels = shape.Channels;
                for (int y = 0; y < shape.Height; y++)
                for (int x = 0; x < shape.Width; x++)
                {
                    var own = padded.Slice(((y + radius) * window + x + radius) * channels, channels);
                    var sums = to.Slice((y * shape.Width + x) * channels, channels);
                    sums.Clear();
                    float weights = 0;
                    for (int i = 0; i < near.Length; i++)
                    {
                        var other = padded.Slice(((y + i / side) * window + x + i % side) * channels, channels);
                        float square = 0;
                        for (int c = 0; c < channels; c++)
                            square += (other[c] - own[c]) * (other[c] - own[c]);
                        float weight = MathF.Exp(near[i] + alike * square);
                        weights += weight;
                        for (int c = 0; c < channels; c++)
                            sums[c] += weight * other[c];
                    }
                    for (int c = 0; c < channels; c++)
                        sums[c] /= weights;
                }
            }
        );
    }

    private delegate void Filter(int window, ReadOnlySpan<float> padded, Span<float> to);

    /// <summary>Filters each image, with its border repeated so far beyond it, on all cores.</summary>
    private static float[] Each(ReadOnlySpan<float> images, Shape shape, int radius, Filter filter)
    {
        if (shape.IsVector || images.IsEmpty || images.Length % shape.Size != 0)
            throw new LatentException(
                "The numbers cannot be filtered.",
                $"n × {shape.Size} numbers, n images of {shape}",
                shape.IsVector ? "vectors" : $"{images.Length} numbers"
            );
        float[] from = images.ToArray(),
            to = new float[from.Length];
        int height = shape.Height + 2 * radius,
            width = shape.Width + 2 * radius,
            channels = shape.Channels;
        Parallel.For(
            0,
            from.Length / shape.Size,
            () => new float[height * width * channels],
            (n, _, padded) =>
            {
                for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                {
                    int row = Math.Clamp(y - radius, 0, shape.Height - 1),
                        column = Math.Clamp(x - radius, 0, shape.Width - 1);
                    from.AsSpan(n * shape.Size + (row * shape.Width + column) * channels, channels)
                        .CopyTo(padded.AsSpan((y * width + x) * channels));
                }
                filter(width, padded, to.AsSpan(n * shape.Size, shape.Size));
                return padded;
            },
            _ => { }
        );
        return to;
    }
}
