using System.Numerics;
using System.Runtime.CompilerServices;

namespace Latent.Analysis;

/// <summary>
/// The nearest of many codes by Euclidean distance. Each distance is summed number by number, so that it has the same bits with any number of
/// threads and any register width. Immutable and thread-safe.
/// </summary>
public sealed class NearestCodes
{
    private readonly float[] _columns; // all first numbers, all second numbers, …: codes lie side by side in a register
    private readonly int _latent;

    /// <summary>Codes to look among, which are copied.</summary>
    /// <param name="codes">n × latent size numbers, at least one code.</param>
    /// <param name="latentSize">How many numbers a code has, at least 1.</param>
    /// <exception cref="LatentException">The numbers are no whole codes.</exception>
    public NearestCodes(ReadOnlySpan<float> codes, int latentSize)
    {
        Count = CodeRows.Count(codes, latentSize);
        _latent = latentSize;
        _columns = new float[codes.Length];
        for (int i = 0; i < Count; i++)
        for (int z = 0; z < latentSize; z++)
            _columns[z * Count + i] = codes[i * latentSize + z];
    }

    /// <summary>How many codes there are.</summary>
    public int Count { get; }

    /// <summary>The nearest codes of one, the nearest first; of several as near the first.</summary>
    /// <param name="code">Latent size numbers.</param>
    /// <param name="most">How many at most, at least 1.</param>
    /// <returns>The place of each among the codes, and its distance.</returns>
    /// <exception cref="LatentException">The numbers are no code, or <paramref name="most"/> is below 1.</exception>
    public (int Index, double Distance)[] Find(ReadOnlySpan<float> code, int most)
    {
        if (code.Length != _latent || most < 1)
            throw new LatentException(
                "The nearest codes cannot be looked for.",
                $"a code of {_latent} numbers, and at least 1 to find",
                $"{code.Length} numbers, {most} to find"
            );
        var found = new (int Index, double Distance)[Math.Min(most, Count)];
        int count = Nearest(code, new float[Count], found);
        for (int i = 0; i < count; i++)
            found[i].Distance = Math.Sqrt(found[i].Distance);
        return found[..count];
    }

    /// <summary>
    /// The share of codes whose label the nearest codes tell: the most frequent among them, of several as frequent that of the nearest. A figure
    /// of quality that asks no more of a code than that like lies by like.
    /// </summary>
    /// <param name="codes">n × latent size numbers, none of them among those to look among.</param>
    /// <param name="expected">Their labels.</param>
    /// <param name="labels">The labels of the codes to look among.</param>
    /// <param name="most">How many of the nearest have a say, at least 1; 10 is usual.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="LatentException">There are not as many labels as codes, or a number is out of range.</exception>
    public double Accuracy(ReadOnlyMemory<float> codes, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> labels, int most = 10)
    {
        int count = CodeRows.Count(codes.Span, _latent);
        if (expected.Length != count || labels.Length != Count || most < 1)
            throw new LatentException(
                "The labels do not fit the codes.",
                $"{count} and {Count} labels, and at least 1 neighbour",
                $"{expected.Length} and {labels.Length}, and {most}"
            );
        int right = 0;
        Parallel.For(
            0,
            count,
            () => (Right: 0, Squares: new float[Count], Found: new (int, double)[Math.Min(most, Count)]),
            (i, _, of) =>
            {
                int found = Nearest(codes.Span.Slice(i * _latent, _latent), of.Squares, of.Found);
                bool isRight = found > 0 && Vote(of.Found.AsSpan(0, found), labels.Span) == expected.Span[i];
                return (of.Right + (isRight ? 1 : 0), of.Squares, of.Found);
            },
            of => Interlocked.Add(ref right, of.Right)
        );
        return (double)right / count;
    }

    private static int Vote(ReadOnlySpan<(int Index, double Distance)> found, ReadOnlySpan<byte> labels)
    {
        Span<int> votes = stackalloc int[256];
        foreach (var (index, _) in found)
            votes[labels[index]]++;
        int winner = labels[found[0].Index];
        foreach (var (index, _) in found) // from the nearest: it wins among equals
            if (votes[labels[index]] > votes[winner])
                winner = labels[index];
        return winner;
    }

    /// <summary>The nearest with their squared distances, sorted; gives how many there are, fewer where distances are no numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // it is done after some calls, before it would be compiled well
    private int Nearest(ReadOnlySpan<float> code, float[] squares, Span<(int Index, double Distance)> found)
    {
        Array.Clear(squares);
        for (int z = 0; z < _latent; z++)
            AddSquares(_columns.AsSpan(z * Count, Count), code[z], squares);
        int count = 0;
        for (int i = 0; i < squares.Length; i++)
        {
            float square = squares[i];
            if (!(count < found.Length ? float.IsFinite(square) : square < found[^1].Distance))
                continue;
            int at = count < found.Length ? count++ : count - 1;
            for (; at > 0 && found[at - 1].Distance > square; at--)
                found[at] = found[at - 1];
            found[at] = (i, square);
        }
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSquares(ReadOnlySpan<float> column, float number, Span<float> squares)
    {
        var all = new Vector<float>(number);
        int i = 0;
        for (; i <= column.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var difference = new Vector<float>(column[i..]) - all;
            (new Vector<float>(squares[i..]) + difference * difference).CopyTo(squares[i..]);
        }
        for (; i < column.Length; i++)
        {
            float difference = column[i] - number;
            squares[i] += difference * difference;
        }
    }
}
