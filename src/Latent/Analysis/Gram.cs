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
    /// <summary>
    /// Rows of a block. Of floats that hold bytes the sum of 256 products is a whole number below 2²⁴: exact in 32 bits, and so is the whole
    /// matrix in 64.
    /// </summary>
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
    public static void Add<T>(T[] block, int rows, int stride, double[] gram, int threads)
        where T : unmanaged, INumber<T>
    {
        int width = Vectors * Vector<T>.Count;
        // the widest panels have the most rows above the diagonal: first, so that the threads end together
        int panels = stride / width;
        Parallel.For(
            0,
            panels,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            panel => Panel(block, rows, stride, gram, (panels - 1 - panel) * width, width)
        );
    }

    private static void Panel<T>(T[] block, int rows, int stride, double[] gram, int column, int width)
        where T : unmanaged, INumber<T>
    {
        Span<T> sums = stackalloc T[Rows * width];
        ref T origin = ref MemoryMarshal.GetArrayDataReference(block);
        int lanes = Vector<T>.Count;
        for (int i = 0; i < Math.Min(column + width, stride); i += Rows)
        {
            Vector<T> a0 = default,
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
                ref T left = ref Unsafe.Add(ref origin, row + (nuint)i);
                var a = new Vector<T>(left);
                a0 += a * x0;
                a1 += a * x1;
                a2 += a * x2;
                var b = new Vector<T>(Unsafe.Add(ref left, 1));
                b0 += b * x0;
                b1 += b * x1;
                b2 += b * x2;
                var c = new Vector<T>(Unsafe.Add(ref left, 2));
                c0 += c * x0;
                c1 += c * x1;
                c2 += c * x2;
                var d = new Vector<T>(Unsafe.Add(ref left, 3));
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
                    target[j] += double.CreateTruncating(sums[k * width + j]);
            }
        }
    }

    private static void Store<T>(Span<T> target, int start, Vector<T> first, Vector<T> second, Vector<T> third)
        where T : unmanaged
    {
        int lanes = Vector<T>.Count;
        first.CopyTo(target[start..]);
        second.CopyTo(target[(start + lanes)..]);
        third.CopyTo(target[(start + 2 * lanes)..]);
    }
}
