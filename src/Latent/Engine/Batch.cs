using Latent.Data;
using Latent.Engine.Kernels;
using Latent.Engine.Operations;

namespace Latent.Engine;

/// <summary>Where the numbers of a batch come from: rows of bytes, divided by 255, or floats as they are. Pointers are the caller's to pin.</summary>
internal unsafe struct Batch
{
    public byte* Bytes;
    public int* Rows; // null: row i is image i
    public float* Floats;
    public int Size; // of one image

    /// <summary>Some samples of a set, whose memory is pinned.</summary>
    /// <param name="set">The set.</param>
    /// <param name="memory">Its memory.</param>
    /// <param name="rows">Which samples; null for all in their order.</param>
    public static Batch Of(SampleSet set, byte* memory, int* rows = null) =>
        set.IsBytes
            ? new()
            {
                Bytes = memory,
                Rows = rows,
                Size = set.Shape.Size,
            }
            : new()
            {
                Floats = (float*)memory,
                Rows = rows,
                Size = set.Shape.Size,
            };

    /// <summary>Which image of its set image i of the batch is.</summary>
    public readonly int Row(int i) => Rows == null ? i : Rows[i];

    /// <summary>Whether both are the same images.</summary>
    public readonly bool IsOf(in Batch other) => Bytes == other.Bytes && Floats == other.Floats;

    /// <summary>Writes image i of the batch to where an image of a tensor lies.</summary>
    public readonly void Load(int i, float* to, Tensor tensor)
    {
        int length = tensor.RunLength;
        for (int run = 0; run < tensor.Runs; run++, to += tensor.RowStride)
            Load(i, run * length, length, to);
    }

    /// <summary>Writes some numbers of image i of the batch.</summary>
    public readonly void Load(int i, int start, int length, float* to)
    {
        if (Bytes == null)
            Arrays.Copy(Floats + (nint)Row(i) * Size + start, to, length);
        else
            Arrays.FromBytes(Bytes + (nint)Row(i) * Size + start, to, length);
    }
}
