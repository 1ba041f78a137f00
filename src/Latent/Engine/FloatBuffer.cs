using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Latent.Engine;

/// <summary>
/// Zeroed floats at a fixed address, aligned to 64 bytes, with 64 bytes to spare behind them so that a vector may read past the end. The
/// garbage collector owns them (its pinned heap), so nothing has to be disposed; keep the buffer alive while its pointer is used.
/// </summary>
internal sealed unsafe class FloatBuffer
{
    private const int Alignment = 64,
        Spare = 16;
    private readonly float[] _array;
    private readonly int _start;

    /// <param name="length">How many floats.</param>
    /// <param name="skew">Cache lines to shift the start by: buffers that start at the same offset in a page fight for the same cache sets.</param>
    public FloatBuffer(int length, int skew = 0)
    {
        _array = GC.AllocateArray<float>(
            checked(length + Alignment / sizeof(float) + Spare + skew * Alignment / sizeof(float)),
            pinned: true
        );
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        _start = (int)((Alignment - address % Alignment) % Alignment / sizeof(float)) + skew * Alignment / sizeof(float);
        Length = length;
        Pointer = (float*)address + _start;
    }

    public int Length { get; }

    public float* Pointer { get; }

    public Span<float> Span => _array.AsSpan(_start, Length);
}
