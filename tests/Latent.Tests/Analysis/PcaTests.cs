using Latent.Analysis;
using Latent.Data;
using Latent.Engine;
using Latent.Tests.Shared;

namespace Latent.Tests.Analysis;

public sealed class PcaTests
{
    [Theory] // scikit-learn's PCA on the same images
    [InlineData(2, 0.055669, 0.055663)]
    [InlineData(10, 0.034074, 0.034081)]
    public void OnMnistItErrsAsScikitLearnSays(int components, double all, double first)
    {
        var (train, test) = Mnist.Load(Repository.Mnist);
        var pca = Pca.Fit(train, components);
        Assert.Equal(all, pca.MeanSquaredError(test), 1e-6);
        Assert.Equal(first, pca.MeanSquaredError(test.Take(9984)), 1e-6);
    }

    [Fact]
    public void ComponentsAreOrthonormalAndSorted()
    {
        var pca = Pca.Fit(Images(400, 12), 20);
        for (int i = 0; i < pca.Components; i++)
        {
            Assert.True(i == 0 || pca.Variances[i] <= pca.Variances[i - 1]);
            for (int j = 0; j <= i; j++)
                Assert.Equal(i == j ? 1 : 0, Dot(pca.Component(i), pca.Component(j)), 1e-9);
        }
    }

    [Fact]
    public void ThreadsDoNotChangeABit()
    {
        var images = Images(700, 14);
        float[] rows = Rows(images);
        var (one, three) = (Pca.Fit(images, 4, threads: 1), Pca.Fit(images, 4, threads: 3));
        Assert.Equal(one.Component(3).ToArray(), three.Component(3).ToArray());
        (one, three) = (Pca.Fit(rows, 196, 4, threads: 1), Pca.Fit(rows, 196, 4, threads: 3));
        Assert.Equal(one.Component(3).ToArray(), three.Component(3).ToArray());
    }

    [Fact]
    public void BytesAndFloatsGiveTheSamePlane()
    {
        var images = Images(300, 10);
        var (bytes, floats) = (Pca.Fit(images, 5), Pca.Fit(Rows(images), 100, 5));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(bytes.Variances[i], floats.Variances[i], 1e-7);
            Assert.Equal(1, Math.Abs(Dot(bytes.Component(i), floats.Component(i))), 1e-5);
        }
    }

    [Fact]
    public void ErrorIsThatOfDecodingTheCode()
    {
        var images = Images(60, 9);
        var pca = Pca.Fit(images, 3);
        float[] rows = Rows(images);
        float[] back = pca.Decode(pca.Encode(rows));
        double squares = 0;
        for (int i = 0; i < rows.Length; i++)
            squares += Math.Pow(rows[i] - back[i], 2);
        Assert.Equal(squares / rows.Length, pca.MeanSquaredError(images), 1e-6);
    }

    [Fact]
    public void AllComponentsLoseNothing()
    {
        var images = Images(50, 6);
        Assert.Equal(0, Pca.Fit(images, 36).MeanSquaredError(images), 1e-12);
    }

    [Fact]
    public void EqualImagesHaveNoVariance()
    {
        var images = ImageSet.FromPixels(
            new byte[5 * 100 * 100]
                .Select(_ => (byte)7)
                .ToArray(),
            5,
            100,
            100
        );
        var small = ImageSet.FromPixels(images.Pixels[..(5 * 400)], 5, 20, 20);
        var pca = Pca.Fit(small, 3);
        Assert.Equal(0, pca.TotalVariance, 1e-15);
        Assert.Equal(0, pca.MeanSquaredError(small), 1e-15);
        Assert.Contains("4096", Assert.Throws<LatentException>(() => Pca.Fit(images, 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongNumbersAreNamed()
    {
        var images = Images(5, 4);
        Assert.Contains("1 to 16", Assert.Throws<LatentException>(() => Pca.Fit(images, 17)).Message, StringComparison.Ordinal);
        Assert.Contains("7 numbers", Assert.Throws<LatentException>(() => Pca.Fit(new float[7], 2, 1)).Message, StringComparison.Ordinal);
        var pca = Pca.Fit(images, 2);
        Assert.Contains(
            "(5, 5, 1)",
            Assert.Throws<LatentException>(() => pca.MeanSquaredError(Images(3, 5))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(33)]
    [InlineData(150)]
    public void EigenvectorsSatisfyTheirEquation(int size)
    {
        double[] matrix = Symmetric(size, size);
        var eigen = SymmetricEigen.All(matrix, size);
        Check(matrix, size, eigen, size);
        double trace = Enumerable.Range(0, size).Sum(i => matrix[i * size + i]);
        Assert.Equal(trace, eigen.Values.Sum(), 1e-9 * size);
    }

    [Theory]
    [InlineData(150)] // full rank
    [InlineData(5)] // fewer than the vectors asked for
    [InlineData(0)]
    public void TheLargestAreThoseOfAll(int rank)
    {
        const int size = 150;
        double[] matrix = Symmetric(size, rank);
        var largest = SymmetricEigen.Largest(matrix, size, 8, threads: 2);
        Check(matrix, size, largest, 8);
        double[] all = SymmetricEigen.All(matrix, size).Values;
        for (int i = 0; i < 8; i++)
            Assert.Equal(all[i], largest.Values[i], 1e-8 * Math.Max(1, all[0]));
    }

    [Fact]
    public void EqualEigenvaluesAreFound()
    {
        const int size = 120;
        var matrix = new double[size * size];
        for (int i = 0; i < size; i++)
            matrix[i * size + i] = i < 3 ? 9 : 1;
        var eigen = SymmetricEigen.Largest(matrix, size, 5, threads: 1);
        double[] expected = [9, 9, 9, 1, 1];
        for (int i = 0; i < 5; i++)
            Assert.Equal(expected[i], eigen.Values[i], 1e-9);
    }

    private static void Check(double[] matrix, int size, SymmetricEigen eigen, int count)
    {
        for (int k = 0; k < count; k++)
        {
            var vector = eigen.Vectors.AsSpan(k * size, size);
            Assert.Equal(1, Dot(vector, vector), 1e-10);
            for (int i = 0; i < size; i++)
                Assert.Equal(eigen.Values[k] * vector[i], Dot(matrix.AsSpan(i * size, size), vector), 1e-8 * Math.Max(1, eigen.Values[0]));
        }
    }

    /// <summary>A sum of random outer products: positive semidefinite, of a given rank.</summary>
    private static double[] Symmetric(int size, int rank)
    {
        var stream = new RandomStream(5, "matrix");
        var matrix = new double[size * size];
        for (int r = 0; r < rank; r++)
        {
            double[] v = [.. Enumerable.Range(0, size).Select(_ => stream.NextGaussian())];
            for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
                matrix[i * size + j] += v[i] * v[j] / (r + 1);
        }
        return matrix;
    }

    private static ImageSet Images(int count, int side)
    {
        var stream = new RandomStream(3, "images");
        var pixels = new byte[count * side * side];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)stream.Next(i % (side * side) + 2 > 255 ? 255 : i % (side * side) + 2);
        return ImageSet.FromPixels(pixels, count, side, side);
    }

    private static float[] Rows(ImageSet images) => [.. images.Pixels.ToArray().Select(p => p / 255f)];

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
