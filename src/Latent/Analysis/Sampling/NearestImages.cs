using System.Numerics;
using Latent.Data;

namespace Latent.Analysis;

/// <summary>
/// The nearest of many images, in pixel space: by the sum of the squared differences of bytes. Sums of whole numbers, so exact, and the same with
/// any number of threads and any register width.
/// </summary>
public static class NearestImages
{
    private const int Together = 32; // images of a set that stay in the cache while all others pass
    private const int MostAtOnce = 1 << 15; // bytes whose squares 32 bits of a lane hold, with much room

    /// <summary>For each of some images the nearest of a set; of several as near the first.</summary>
    /// <param name="images">n × image size bytes.</param>
    /// <param name="among">The set.</param>
    /// <param name="threads">Threads to use, 0 for one per core.</param>
    /// <returns>For each image the index in the set, and the distance: the root of the sum of the squared differences of pixels from 0 to 1.</returns>
    /// <exception cref="LatentException">The bytes are no whole images of the set's shape.</exception>
    public static (int Index, double Distance)[] Find(ReadOnlyMemory<byte> images, ImageSet among, int threads = 0)
    {
        int size = among.Shape.Size,
            count = images.Length / size;
        if (count == 0 || images.Length % size != 0)
            throw new LatentException(
                "The images do not fit those to look among.",
                $"a multiple of {size} bytes, {among.Shape} each",
                $"{images.Length} bytes"
            );
        var found = new (int Index, double Distance)[count];
        int pieces = (count + Together - 1) / Together;
        Parallel.For(
            0,
            pieces,
            new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount },
            piece =>
            {
                int first = piece * Together,
                    some = Math.Min(Together, count - first);
                var queries = images.Span.Slice(first * size, some * size);
                Span<long> least = stackalloc long[Together];
                Span<int> nearest = stackalloc int[Together];
                least.Fill(long.MaxValue);
                for (int n = 0; n < among.Count; n++)
                {
                    var candidate = among.Image(n);
                    for (int q = 0; q < some; q++)
                    {
                        long squares = Squares(queries.Slice(q * size, size), candidate);
                        if (squares < least[q])
                            (least[q], nearest[q]) = (squares, n);
                    }
                }
                for (int q = 0; q < some; q++)
                    found[first + q] = (nearest[q], Math.Sqrt(least[q]) / 255);
            }
        );
        return found;
    }

    /// <summary>The sum of the squared differences.</summary>
    internal static long Squares(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        long sum = 0;
        for (int start = 0; start < a.Length; start += MostAtOnce)
        {
            int length = Math.Min(MostAtOnce, a.Length - start);
            sum += Part(a.Slice(start, length), b.Slice(start, length));
        }
        return sum;
    }

    private static long Part(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var (even, odd) = (Vector<uint>.Zero, Vector<uint>.Zero);
        int i = 0;
        for (; i <= a.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector<byte> x = new(a[i..]),
                y = new(b[i..]);
            Vector.Widen(Vector.Max(x, y) - Vector.Min(x, y), out var low, out var high); // at most 255, whose square 16 bits hold
            Vector.Widen(low * low, out var first, out var second);
            Vector.Widen(high * high, out var third, out var fourth);
            even += first + third;
            odd += second + fourth;
        }
        long sum = (long)Vector.Sum(even) + Vector.Sum(odd);
        for (; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }
}
