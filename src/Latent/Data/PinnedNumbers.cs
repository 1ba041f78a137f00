using System.Buffers;

namespace Latent.Data;

/// <summary>The numbers of a set at a place that does not move while this is held. To be disposed.</summary>
internal readonly unsafe struct PinnedNumbers(byte* pointer, MemoryHandle handle) : IDisposable
{
    /// <summary>The first number of the first sample: bytes or floats.</summary>
    public byte* Pointer { get; } = pointer;

    public static PinnedNumbers Of<T>(ReadOnlyMemory<T> memory)
    {
        var handle = memory.Pin();
        return new((byte*)handle.Pointer, handle);
    }

    public void Dispose() => handle.Dispose();
}
