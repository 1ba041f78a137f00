using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Latent.Bench;

/// <summary>The most multiply-adds that a core can do: a loop of nothing else, on registers alone, with the widest vectors there are.</summary>
internal static class FmaLimit
{
    private const int Turns = 100_000;

    /// <summary>GFLOP/s of one core, two for a multiply-add; the best of some tries.</summary>
    public static double PerCore() => Best(1)[0];

    /// <summary>GFLOP/s of each core while all are busy.</summary>
    public static double[] AllCores() => Best(Environment.ProcessorCount);

    private static double[] Best(int threads)
    {
        var best = new double[threads];
        var start = new Barrier(threads);
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
            double flops =
                2.0
                * 16
                * Turns
                * (
                    Vector512.IsHardwareAccelerated ? Wide()
                    : Vector256.IsHardwareAccelerated ? Middle()
                    : Narrow()
                );
            best = Math.Max(best, flops / Stopwatch.GetElapsedTime(begin).TotalSeconds / 1e9);
        }
    }

    // Sixteen chains: more than a core's units times how long one addition takes. Each gives the lanes of its vector.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Wide()
    {
        Vector512<float> a = Vector512.Create(0.999f),
            b = Vector512.Create(1e-3f),
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
            s11 = b,
            s12 = b,
            s13 = b,
            s14 = b,
            s15 = b;
        for (int i = 0; i < Turns; i++)
        {
            s0 = Vector512.FusedMultiplyAdd(s0, a, b);
            s1 = Vector512.FusedMultiplyAdd(s1, a, b);
            s2 = Vector512.FusedMultiplyAdd(s2, a, b);
            s3 = Vector512.FusedMultiplyAdd(s3, a, b);
            s4 = Vector512.FusedMultiplyAdd(s4, a, b);
            s5 = Vector512.FusedMultiplyAdd(s5, a, b);
            s6 = Vector512.FusedMultiplyAdd(s6, a, b);
            s7 = Vector512.FusedMultiplyAdd(s7, a, b);
            s8 = Vector512.FusedMultiplyAdd(s8, a, b);
            s9 = Vector512.FusedMultiplyAdd(s9, a, b);
            s10 = Vector512.FusedMultiplyAdd(s10, a, b);
            s11 = Vector512.FusedMultiplyAdd(s11, a, b);
            s12 = Vector512.FusedMultiplyAdd(s12, a, b);
            s13 = Vector512.FusedMultiplyAdd(s13, a, b);
            s14 = Vector512.FusedMultiplyAdd(s14, a, b);
            s15 = Vector512.FusedMultiplyAdd(s15, a, b);
        }
        Keep(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11 + s12 + s13 + s14 + s15);
        return Vector512<float>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Middle()
    {
        Vector256<float> a = Vector256.Create(0.999f),
            b = Vector256.Create(1e-3f),
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
        for (int i = 0; i < Turns * 4 / 3; i++)
        {
            s0 = Vector256.FusedMultiplyAdd(s0, a, b);
            s1 = Vector256.FusedMultiplyAdd(s1, a, b);
            s2 = Vector256.FusedMultiplyAdd(s2, a, b);
            s3 = Vector256.FusedMultiplyAdd(s3, a, b);
            s4 = Vector256.FusedMultiplyAdd(s4, a, b);
            s5 = Vector256.FusedMultiplyAdd(s5, a, b);
            s6 = Vector256.FusedMultiplyAdd(s6, a, b);
            s7 = Vector256.FusedMultiplyAdd(s7, a, b);
            s8 = Vector256.FusedMultiplyAdd(s8, a, b);
            s9 = Vector256.FusedMultiplyAdd(s9, a, b);
            s10 = Vector256.FusedMultiplyAdd(s10, a, b);
            s11 = Vector256.FusedMultiplyAdd(s11, a, b);
        }
        Keep(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
        return Vector256<float>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Narrow()
    {
        Vector128<float> a = Vector128.Create(0.999f),
            b = Vector128.Create(1e-3f),
            s0 = b,
            s1 = b,
            s2 = b,
            s3 = b,
            s4 = b,
            s5 = b,
            s6 = b,
            s7 = b;
        for (int i = 0; i < Turns * 2; i++)
        {
            s0 = Vector128.FusedMultiplyAdd(s0, a, b);
            s1 = Vector128.FusedMultiplyAdd(s1, a, b);
            s2 = Vector128.FusedMultiplyAdd(s2, a, b);
            s3 = Vector128.FusedMultiplyAdd(s3, a, b);
            s4 = Vector128.FusedMultiplyAdd(s4, a, b);
            s5 = Vector128.FusedMultiplyAdd(s5, a, b);
            s6 = Vector128.FusedMultiplyAdd(s6, a, b);
            s7 = Vector128.FusedMultiplyAdd(s7, a, b);
        }
        Keep(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7);
        return Vector128<float>.Count;
    }

    // so that the compiler cannot do without the loop
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep<TVector>(TVector sum) => s_kept = sum;

    private static object? s_kept;
}
