using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Latent.Engine.Kernels;

/// <summary>Something done to each element of some arrays, independent of the others.</summary>
internal interface IMap
{
    /// <summary>The elements from <paramref name="index"/> on, as many as a V has lanes.</summary>
    void Apply<T, V>(int index)
        where T : ISimd<V>
        where V : unmanaged;
}

/// <summary>Runs an <see cref="IMap"/> over a range with the widest vectors there are; what is left takes narrower ones.</summary>
internal static class Map
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TMap>(in TMap map, int count)
        where TMap : struct, IMap
    {
        TMap local = map; // as a local its pointers stay in registers
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
            for (; i <= count - 16; i += 16)
                local.Apply<Simd512, Vector512<float>>(i);
        if (Vector256.IsHardwareAccelerated)
            for (; i <= count - 8; i += 8)
                local.Apply<Simd256, Vector256<float>>(i);
        if (Vector128.IsHardwareAccelerated)
            for (; i <= count - 4; i += 4)
                local.Apply<Simd128, Vector128<float>>(i);
        for (; i < count; i++)
            local.Apply<Scalar, float>(i);
    }
}
