using System.Runtime.InteropServices;

namespace Latent.Formats;

/// <summary>
/// Writes a NumPy array of floats row by row into a stream that can go back: how many rows there are is written at the end, into the header. Not
/// thread-safe. The stream stays open.
/// </summary>
/// <param name="stream">Where it goes, from its present place; it must be able to seek.</param>
/// <param name="row">The sizes of one row; the array has the number of rows before them.</param>
public sealed class NpyRows(Stream stream, params int[] row)
{
    private readonly long _start = stream.Position;
    private readonly int _size = row.Aggregate(1, (product, side) => checked(product * side));
    private long _numbers;

    /// <summary>Writes rows.</summary>
    /// <param name="values">Whole rows, the last size running fastest.</param>
    /// <exception cref="LatentException">The numbers are no whole rows.</exception>
    public void Write(ReadOnlySpan<float> values)
    {
        if (values.Length % _size != 0)
            throw new LatentException("The numbers are no whole rows.", $"a multiple of {_size:N0} numbers", $"{values.Length:N0}");
        if (_numbers == 0)
            stream.Write(Npy.Header([int.MaxValue, .. row], Npy.RowsHeader)); // as long as the last one
        stream.Write(MemoryMarshal.AsBytes(values));
        _numbers += values.Length;
    }

    /// <summary>Writes how many rows there are. Nothing may follow.</summary>
    /// <exception cref="LatentException">They are more than an array can have.</exception>
    public void End()
    {
        long rows = _numbers / _size;
        if (rows > int.MaxValue)
            throw new LatentException("There are too many rows.", $"at most {int.MaxValue:N0}", $"{rows:N0}");
        long end = _numbers == 0 ? _start + Npy.RowsHeader : stream.Position;
        stream.Position = _start;
        stream.Write(Npy.Header([(int)rows, .. row], Npy.RowsHeader));
        stream.Position = end;
    }
}
