using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Latent.Analysis;

/// <summary>
/// Adds XᵀX of a block of rows to a matrix of doubles. Every element is one sum over the rows in their order, made by one thread, and no sum
/// runs across the lanes of a register: the same bits with any number of threads and any register width.
/// </summary>
internal static class Gram
{
    /// <summary>Rows of a block: few enough to stay in a cache while all panels pass.</summary>
    public const int BlockRows = 256;

    private const int Rows = 4;
    private const int Vectors = 3;

    /// <summary>Columns of a block: the dimension rounded up to whole tiles; what is beyond the dimension must be 0.</summary>
    public static int Stride(int dimension) => (dimension + 47) / 48 * 48;

    /// <summary>Adds to the upper triangle, and to some elements beside it.</summary>
    /// <param name="block">Rows × stride numbers.</param>
    /// <param name="rows">At most <see cref="BlockRows"/>.</param>
    /// <param name="stride">A multiple of 48.</param>
    /// <param name="gram">Stride × stride numbers.</param>
    /// <param name="threads">Threads to use.</param>
    public static void Add(double[] block, int rows, int stride, double[] gram, int threads)
    {
        int width = Vectors * Vector<double>.Count;
        // the widest panels have the most rows above the diagonal: first, so that the threads end together
        int panels = stride / width;
        Parallel.For(
            0,
            panels,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            panel => Panel(block, rows, stride, gram, (panels - 1 - panel) * width, width)
        );
    }

    private static void Panel(double[] block, int rows, int stride, double[] gram, int column, int width)
    {
        Span<double> sums = stackalloc double[Rows * width];
        ref double origin = ref MemoryMarshal.GetArrayDataReference(block);
        int lanes = Vector<double>.Count;
        for (int i = 0; i < Math.Min(column + width, stride); i += Rows)
        {
            Vector<double> a0 = default,
                a1 = default,
                a2 = default,
                b0 = default,
                b1 = default,
                b2 = default,
                c0 = default,
                c1 = default,
                c2 = default,
                d0 = default,
                d1 = default,
                d2 = default;
            for (int r = 0; r < rows; r++)
            {
                nuint row = (nuint)(r * stride);
                var x0 = Vector.LoadUnsafe(ref origin, row + (nuint)column);
                var x1 = Vector.LoadUnsafe(ref origin, row + (nuint)(column + lanes));
                var x2 = Vector.LoadUnsafe(ref origin, row + (nuint)(column + 2 * lanes));
                ref double left = ref Unsafe.Add(ref origin, row + (nuint)i);
                var a = new Vector<double>(left);
                a0 += a * x0;
                a1 += a * x1;
                a2 += a * x2;
                var b = new Vector<double>(Unsafe.Add(ref left, 1));
                b0 += b * x0;
                b1 += b * x1;
                b2 += b * x2;
                var c = new Vector<double>(Unsafe.Add(ref left, 2));
                c0 += c * x0;
                c1 += c * x1;
                c2 += c * x2;
                var d = new Vector<double>(Unsafe.Add(ref left, 3));
                d0 += d * x0;
                d1 += d * x1;
                d2 += d * x2;
            }
            Store(sums, 0, a0, a1, a2);
            Store(sums, width, b0, b1, b2);
            Store(sums, 2 * width, c0, c1, c2);
            Store(sums, 3 * width, d0, d1, d2);
            for (int k = 0; k < Rows; k++)
            {
                var target = gram.AsSpan((i + k) * stride + column, width);
                for (int j = 0; j < width; j++)
                    target[j] += sums[k * width + j];
            }
        }
    }

    private static void Store(Span<double> target, int start, Vector<double> first, Vector<double> second, Vector<double> third)
    {
        int lanes = Vector<double>.Count;
        first.CopyTo(target[start..]);
        second.CopyTo(target[(start + lanes)..]);
        third.CopyTo(target[(start + 2 * lanes)..]);
    }
}
