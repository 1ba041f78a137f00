using Latent.Data;

namespace Latent.Analysis;

/// <summary>
/// Principal components: the linear autoencoder that no other linear one beats in squared error, so the baseline to hold a network's
/// reconstructions against. Exact (the whole covariance matrix, in double precision), and the same bits with any number of threads. Immutable
/// and thread-safe.
/// </summary>
public sealed class Pca
{
    /// <summary>The largest dimension: the covariance matrix has its square.</summary>
    public const int MaxDimension = 4096;

    private readonly double[] _mean;
    private readonly double[] _components;
    private readonly double[] _variances;

    private Pca(double[] mean, SymmetricEigen eigen, double totalVariance)
    {
        (_mean, _components, _variances, TotalVariance) = (mean, eigen.Vectors, eigen.Values, totalVariance);
    }

    /// <summary>How many numbers a row has.</summary>
    public int Dimension => _mean.Length;

    /// <summary>How many components there are.</summary>
    public int Components => _variances.Length;

    /// <summary>The mean of the rows fitted.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>The variance along each component, largest first (the sum of squares divided by the number of rows).</summary>
    public ReadOnlySpan<double> Variances => _variances;

    /// <summary>The sum of the variances of all dimensions.</summary>
    public double TotalVariance { get; }

    /// <summary>A component: a direction of length 1 whose largest number is positive.</summary>
    /// <param name="index">From 0, the one of the largest variance first.</param>
    public ReadOnlySpan<double> Component(int index) => _components.AsSpan(index * Dimension, Dimension);

    /// <summary>Fits images, their pixels divided by 255.</summary>
    /// <param name="images">At least one image of at most <see cref="MaxDimension"/> numbers.</param>
    /// <param name="components">1 to the numbers of an image.</param>
    /// <param name="threads">Threads to use, 0 for one per core.</param>
    /// <exception cref="LatentException">The images are too large, or there are not so many components.</exception>
    public static Pca Fit(ImageSet images, int components, int threads = 0)
    {
        int dimension = images.Shape.Size;
        threads = Check(dimension, components, threads);
        double[] gram = PixelGram.Of(images, threads, out int stride);
        double Sum(int i) => gram[i * stride + dimension];
        double count = images.Count;
        double[] mean = [.. Enumerable.Range(0, dimension).Select(i => Sum(i) / count / 255)];
        // all sums so far are whole numbers without rounding; centring them is the first inexact step
        return Solve(mean, gram, stride, (i, j, sum) => (sum - Sum(i) * (Sum(j) / count)) / count / (255 * 255), components, threads);
    }

    /// <summary>Fits rows of numbers.</summary>
    /// <param name="rows">n × dimension numbers, at least one row.</param>
    /// <param name="dimension">1 to <see cref="MaxDimension"/>.</param>
    /// <param name="components">1 to the dimension.</param>
    /// <param name="threads">Threads to use, 0 for one per core.</param>
    /// <exception cref="LatentException">The numbers do not fit each other.</exception>
    public static Pca Fit(ReadOnlySpan<float> rows, int dimension, int components, int threads = 0)
    {
        int count = CodeRows.Count(rows, dimension);
        threads = Check(dimension, components, threads);
        var mean = new double[dimension];
        for (int i = 0; i < rows.Length; i++)
            mean[i % dimension] += rows[i];
        foreach (ref double m in mean.AsSpan())
            m /= count;

        int stride = Gram.Stride(dimension);
        var gram = new double[stride * stride];
        var block = new double[Gram.BlockRows * stride];
        for (int start = 0; start < count; start += Gram.BlockRows)
        {
            int taken = Math.Min(Gram.BlockRows, count - start);
            for (int r = 0; r < taken; r++)
            for (int d = 0; d < dimension; d++)
                block[r * stride + d] = rows[(start + r) * dimension + d] - mean[d];
            Gram.Add(block, taken, stride, gram, threads);
        }
        return Solve(mean, gram, stride, (_, _, sum) => sum / count, components, threads);
    }

    /// <summary>The coordinates of rows along the components: n × <see cref="Components"/> numbers.</summary>
    /// <param name="rows">n × <see cref="Dimension"/> numbers.</param>
    /// <exception cref="LatentException">The length is no multiple of the dimension.</exception>
    public float[] Encode(ReadOnlySpan<float> rows)
    {
        int count = CodeRows.Count(rows, Dimension);
        var codes = new float[count * Components];
        for (int n = 0; n < count; n++)
        for (int k = 0; k < Components; k++)
        {
            double sum = 0;
            var component = Component(k);
            for (int d = 0; d < Dimension; d++)
                sum += (rows[n * Dimension + d] - _mean[d]) * component[d];
            codes[n * Components + k] = (float)sum;
        }
        return codes;
    }

    /// <summary>The rows that lie at coordinates: n × <see cref="Dimension"/> numbers.</summary>
    /// <param name="codes">n × <see cref="Components"/> numbers.</param>
    /// <exception cref="LatentException">The length is no multiple of the number of components.</exception>
    public float[] Decode(ReadOnlySpan<float> codes)
    {
        int count = CodeRows.Count(codes, Components);
        var rows = new float[count * Dimension];
        var row = new double[Dimension];
        for (int n = 0; n < count; n++)
        {
            _mean.CopyTo(row, 0);
            for (int k = 0; k < Components; k++)
            {
                var component = Component(k);
                for (int d = 0; d < Dimension; d++)
                    row[d] += codes[n * Components + k] * component[d];
            }
            for (int d = 0; d < Dimension; d++)
                rows[n * Dimension + d] = (float)row[d];
        }
        return rows;
    }

    /// <summary>The mean squared error of each image's reconstruction, per number of the image, pixels divided by 255.</summary>
    /// <param name="images">Images of <see cref="Dimension"/> numbers.</param>
    /// <exception cref="LatentException">The images have another size.</exception>
    public double[] ReconstructionErrors(ImageSet images)
    {
        if (images.Shape.Size != Dimension)
            throw new LatentException(
                "The images do not fit the principal components.",
                $"{Dimension} numbers an image",
                $"{images.Shape}, {images.Shape.Size} numbers"
            );
        var errors = new double[images.Count];
        Parallel.For(
            0,
            images.Count,
            n =>
            {
                var image = images.Image(n);
                Span<double> centred = stackalloc double[MaxDimension];
                double squares = 0;
                for (int d = 0; d < Dimension; d++)
                {
                    centred[d] = image[d] / 255.0 - _mean[d];
                    squares += centred[d] * centred[d];
                }
                // the components are orthonormal: what they keep is the sum of the squared coordinates
                for (int k = 0; k < Components; k++)
                {
                    double coordinate = 0;
                    var component = Component(k);
                    for (int d = 0; d < component.Length; d++)
                        coordinate += centred[d] * component[d];
                    squares -= coordinate * coordinate;
                }
                errors[n] = Math.Max(0, squares) / Dimension;
            }
        );
        return errors;
    }

    /// <summary>The mean squared error of the images' reconstructions, per number, pixels divided by 255: comparable with a val_loss of MSE.</summary>
    /// <param name="images">Images of <see cref="Dimension"/> numbers.</param>
    /// <exception cref="LatentException">The images have another size.</exception>
    public double MeanSquaredError(ImageSet images) => ReconstructionErrors(images).Average();

    private static int Check(int dimension, int components, int threads)
    {
        if (dimension > MaxDimension)
            throw new LatentException(
                "The images are too large for exact principal components.",
                $"at most {MaxDimension} numbers an image",
                $"{dimension}"
            );
        if (components < 1 || components > dimension)
            throw new LatentException("There are not so many principal components.", $"1 to {dimension}", $"{components}");
        return threads > 0 ? threads : Environment.ProcessorCount;
    }

    private static Pca Solve(
        double[] mean,
        double[] gram,
        int stride,
        Func<int, int, double, double> covariance,
        int components,
        int threads
    )
    {
        int size = mean.Length;
        var matrix = new double[size * size];
        double total = 0;
        for (int i = 0; i < size; i++)
        {
            for (int j = i; j < size; j++)
                matrix[i * size + j] = matrix[j * size + i] = covariance(i, j, gram[i * stride + j]);
            total += matrix[i * size + i];
        }
        return new(mean, SymmetricEigen.Largest(matrix, size, components, threads), total);
    }
}
