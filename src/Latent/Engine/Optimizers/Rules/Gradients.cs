using Latent.Engine.Kernels;

namespace Latent.Engine.Optimizers;

/// <summary>The gradients of a batch's chunks, to be added in their order, and how they are clipped.</summary>
internal unsafe struct Gradients
{
    public float* Start;
    public int Chunks;
    public nint Stride;

    /// <summary>The largest magnitude of a number; infinity for no clipping.</summary>
    public float Limit;

    /// <summary>What the sum is multiplied with; 1 for no clipping.</summary>
    public float Scale;

    public readonly V Load<T, V>(int index)
        where T : ISimd<V>
        where V : unmanaged
    {
        float* g = Start + index;
        V sum = *(V*)g;
        for (int chunk = 1; chunk < Chunks; chunk++)
            sum = T.Add(sum, *(V*)(g += Stride));
        if (Limit < float.PositiveInfinity)
        {
            V limit = T.Broadcast(Limit),
                least = T.Broadcast(-Limit);
            sum = T.WhereNegative(T.Subtract(limit, sum), limit, sum); // a NaN stays one
            sum = T.WhereNegative(T.Subtract(sum, least), least, sum);
        }
        return Scale == 1 ? sum : T.Multiply(sum, T.Broadcast(Scale));
    }
}
