using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Latent.Engine;

namespace Latent.Analysis;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix, largest first. <see cref="Vectors"/> holds one vector a row, of length 1, its largest
/// component positive so that the sign is determined too.
/// </summary>
internal sealed record SymmetricEigen(double[] Values, double[] Vectors)
{
    private const int MaxIterations = 300;
    private const int RowsTogether = 4;

    /// <summary>All of them, by Householder's reduction to a tridiagonal matrix and implicit QL steps (Bowdler, Martin, Reinsch and Wilkinson, 1968).</summary>
    public static SymmetricEigen All(ReadOnlySpan<double> matrix, int size)
    {
        double[] v = matrix.ToArray();
        var diagonal = new double[size];
        var below = new double[size];
        Tridiagonal.Reduce(v, diagonal, below, size);
        Tridiagonal.Diagonalize(v, diagonal, below, size);
        return Sorted(diagonal, v, size, size);
    }

    /// <summary>
    /// The <paramref name="count"/> largest: all where that is a good part of the matrix, else by subspace iteration with Rayleigh-Ritz steps
    /// until every residual |Cv − λv| is below 10⁻¹⁰ of the largest eigenvalue.
    /// </summary>
    public static SymmetricEigen Largest(double[] matrix, int size, int count, int threads)
    {
        int block = count + Math.Max(10, count / 2);
        if (size <= 64 || 3 * block > size)
            return First(All(matrix, size), size, count);

        var stream = new RandomStream(0, "subspace");
        var basis = new double[block * size];
        for (int i = 0; i < basis.Length; i++)
            basis[i] = stream.NextGaussian();
        Orthonormalize(basis, block, size);
        var product = new double[block * size];
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            Multiply(basis, matrix, product, block, size, threads);
            var ritz = All(Projected(basis, product, block, size), block);
            basis = Combine(ritz.Vectors, basis, block, size);
            product = Combine(ritz.Vectors, product, block, size);
            if (LargestResidual(ritz.Values, basis, product, count, size) <= 1e-10 * Math.Abs(ritz.Values[0]))
                return Sorted(ritz.Values.AsSpan(0, count).ToArray(), Transpose(basis, count, size), size, count);
            (basis, product) = (product, basis);
            Orthonormalize(basis, block, size);
        }
        return First(All(matrix, size), size, count); // eigenvalues too close for the iteration
    }

    /// <summary>
    /// product = rows · matrix. Each element is one sum in the order of the matrix's rows, whoever computes it; some rows go through the matrix
    /// together, which is larger than the caches.
    /// </summary>
    private static void Multiply(double[] rows, double[] matrix, double[] product, int count, int size, int threads) =>
        Parallel.For(
            0,
            (count + RowsTogether - 1) / RowsTogether,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            part =>
            {
                int first = part * RowsTogether,
                    end = Math.Min(count, first + RowsTogether);
                product.AsSpan(first * size, (end - first) * size).Clear();
                for (int j = 0; j < size; j++)
                for (int i = first; i < end; i++)
                    Add(rows[i * size + j], matrix.AsSpan(j * size, size), product.AsSpan(i * size, size));
            }
        );

    private static double[] Projected(double[] basis, double[] product, int count, int size)
    {
        var projected = new double[count * count];
        for (int i = 0; i < count; i++)
        for (int j = i; j < count; j++)
            projected[i * count + j] = projected[j * count + i] = Dot(basis.AsSpan(i * size, size), product.AsSpan(j * size, size));
        return projected;
    }

    private static double[] Combine(double[] coefficients, double[] rows, int count, int size)
    {
        var combined = new double[count * size];
        for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            Add(coefficients[i * count + j], rows.AsSpan(j * size, size), combined.AsSpan(i * size, size));
        return combined;
    }

    private static double LargestResidual(double[] values, double[] vectors, double[] products, int count, int size)
    {
        double largest = 0;
        for (int i = 0; i < count; i++)
        {
            double squares = 0;
            for (int j = i * size; j < (i + 1) * size; j++)
                squares += (products[j] - values[i] * vectors[j]) * (products[j] - values[i] * vectors[j]);
            largest = Math.Max(largest, Math.Sqrt(squares));
        }
        return largest;
    }

    /// <summary>Gram and Schmidt's method, twice for full precision; a row that depends on those before it is replaced by a unit vector.</summary>
    private static void Orthonormalize(double[] rows, int count, int size)
    {
        for (int i = 0; i < count; i++)
        {
            var row = rows.AsSpan(i * size, size);
            for (int attempt = 0; ; attempt++)
            {
                double before = Math.Sqrt(Dot(row, row));
                for (int pass = 0; pass < 2; pass++)
                for (int j = 0; j < i; j++)
                {
                    var other = rows.AsSpan(j * size, size);
                    Add(-Dot(other, row), other, row);
                }
                double norm = Math.Sqrt(Dot(row, row));
                if (norm > 1e-12 * before)
                {
                    foreach (ref double x in row)
                        x /= norm;
                    break;
                }
                row.Clear();
                row[(i + attempt) % size] = 1;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(double factor, ReadOnlySpan<double> source, Span<double> target)
    {
        ref double from = ref MemoryMarshal.GetReference(source);
        ref double to = ref MemoryMarshal.GetReference(target);
        var factors = new Vector<double>(factor);
        int i = 0;
        for (; i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
            (Vector.LoadUnsafe(ref to, (nuint)i) + factors * Vector.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        for (; i < target.Length; i++)
            target[i] += factor * source[i];
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        // four sums side by side, whatever the registers hold: the same bits everywhere
        double s0 = 0,
            s1 = 0,
            s2 = 0,
            s3 = 0;
        int i = 0;
        for (; i + 4 <= a.Length; i += 4)
        {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.Length; i++)
            s0 += a[i] * b[i];
        return (s0 + s1) + (s2 + s3);
    }

    private static double[] Transpose(double[] rows, int count, int size)
    {
        var columns = new double[count * size];
        for (int i = 0; i < count; i++)
        for (int j = 0; j < size; j++)
            columns[j * count + i] = rows[i * size + j];
        return columns;
    }

    private static SymmetricEigen First(SymmetricEigen all, int size, int count) =>
        new(all.Values.AsSpan(0, count).ToArray(), all.Vectors.AsSpan(0, count * size).ToArray());

    /// <summary>Brings columns into rows, the largest eigenvalue first, and settles the signs.</summary>
    private static SymmetricEigen Sorted(double[] values, double[] columns, int size, int count)
    {
        int[] order = [.. Enumerable.Range(0, count).OrderByDescending(i => values[i]).ThenBy(i => i)];
        var vectors = new double[count * size];
        for (int i = 0; i < count; i++)
        {
            var vector = vectors.AsSpan(i * size, size);
            double largest = 0;
            for (int j = 0; j < size; j++)
            {
                vector[j] = columns[j * count + order[i]];
                if (Math.Abs(vector[j]) > Math.Abs(largest))
                    largest = vector[j];
            }
            if (largest < 0)
            {
                foreach (ref double x in vector)
                    x = -x;
            }
        }
        return new([.. order.Select(i => values[i])], vectors);
    }
}
