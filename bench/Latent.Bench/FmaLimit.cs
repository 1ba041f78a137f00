using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Latent.Engine.Kernels;

namespace Latent.Bench;

/// <summary>The most multiply-adds that a core can do: a loop of nothing else, on registers alone, with the widest vectors there are.</summary>
internal static unsafe class FmaLimit
{
    private const int Turns = 100_000,
        Chains = 12; // more than a core's units times how long one multiply-add takes, and few enough for 16 registers

    /// <summary>GFLOP/s of one core, two for a multiply-add; the best of some tries.</summary>
    public static double PerCore() => Best(1)[0];

    /// <summary>GFLOP/s of each core while all are busy.</summary>
    public static double[] AllCores() => Best(Environment.ProcessorCount);

    private static double[] Best(int threads)
    {
        var best = new double[threads];
        using var start = new Barrier(threads);
        var all = Enumerable.Range(0, threads).Select(i => new Thread(() => Measure(start, ref best[i]))).ToArray();
        foreach (var thread in all)
            thread.Start();
        foreach (var thread in all)
            thread.Join();
        return best;
    }

    private static void Measure(Barrier start, ref double best)
    {
        for (int round = 0; round < 40; round++)
        {
            start.SignalAndWait();
            long begin = Stopwatch.GetTimestamp();
            int lanes =
                Vector512.IsHardwareAccelerated ? Loop<Simd512, Vector512<float>>()
                : Vector256.IsHardwareAccelerated ? Loop<Simd256, Vector256<float>>()
                : Loop<Simd128, Vector128<float>>();
            best = Math.Max(best, 2.0 * Chains * Turns * lanes / Stopwatch.GetElapsedTime(begin).TotalSeconds / 1e9);
        }
    }

    // Each chain waits for itself only. Gives the lanes of a vector.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Loop<T, V>()
        where T : ISimd<V>
        where V : unmanaged
    {
        V a = T.Broadcast(0.999f),
            b = T.Broadcast(1e-3f),
            s0 = b,
            s1 = b,
            s2 = b,
            s3 = b,
            s4 = b,
            s5 = b,
            s6 = b,
            s7 = b,
            s8 = b,
            s9 = b,
            s10 = b,
            s11 = b;
        for (int turn = 0; turn < Turns; turn++)
        {
            s0 = T.MultiplyAdd(s0, a, b);
            s1 = T.MultiplyAdd(s1, a, b);
            s2 = T.MultiplyAdd(s2, a, b);
            s3 = T.MultiplyAdd(s3, a, b);
            s4 = T.MultiplyAdd(s4, a, b);
            s5 = T.MultiplyAdd(s5, a, b);
            s6 = T.MultiplyAdd(s6, a, b);
            s7 = T.MultiplyAdd(s7, a, b);
            s8 = T.MultiplyAdd(s8, a, b);
            s9 = T.MultiplyAdd(s9, a, b);
            s10 = T.MultiplyAdd(s10, a, b);
            s11 = T.MultiplyAdd(s11, a, b);
        }
        V left = T.Add(T.Add(T.Add(s0, s1), T.Add(s2, s3)), T.Add(s4, s5)),
            right = T.Add(T.Add(T.Add(s6, s7), T.Add(s8, s9)), T.Add(s10, s11));
        Keep(T.Add(left, right));
        return sizeof(V) / sizeof(float);
    }

    // so that the compiler cannot do without the loop
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep<V>(V sum) => s_kept = sum;

    private static object? s_kept;
}
