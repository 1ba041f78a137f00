using System.Runtime.CompilerServices;

namespace Latent.Engine.Kernels;

/// <summary>
/// The one-dimensional transforms of Winograd's convolution F(4, 3): four outputs of a kernel of three from six products (Lavin and Gray, 2015).
/// Points 0, ±5/8, ±3/2 and ∞, whose rounding error is half of that of the usual 0, ±1, ±2, ∞. Each reads and writes vectors at a stride.
/// </summary>
/// <remarks>
/// With d the six inputs, g the kernel and m = (B d) ∘ (G g): y = A m. The gradients take the same matrices turned round. The sixth component, of the
/// point ∞, feeds the fourth output alone; where a tile has fewer than four outputs it is left out ("five").
/// </remarks>
internal static unsafe class Winograd
{
    private const double Point = 0.625,
        Point2 = 1.5,
        Square = Point * Point,
        Square2 = Point2 * Point2;

    private const float A = (float)Point,
        AA = (float)Square,
        AAA = (float)(Square * Point),
        B = (float)Point2,
        BB = (float)Square2,
        BBB = (float)(Square2 * Point2),
        AABB = (float)(Square * Square2),
        AAPlusBB = (float)(Square + Square2),
        ABB = (float)(Point * Square2),
        AAB = (float)(Square * Point2);

    private const float N0 = (float)(1 / (Square * Square2)),
        NA = (float)(1 / (2 * Square * (Square - Square2))),
        NAA = (float)(Point / (2 * Square * (Square - Square2))),
        NAAA = (float)(1 / (2 * (Square - Square2))),
        NB = (float)(1 / (2 * Square2 * (Square2 - Square))),
        NBB = (float)(Point2 / (2 * Square2 * (Square2 - Square))),
        NBBB = (float)(1 / (2 * (Square2 - Square)));

    /// <summary>B: six inputs to six components.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<T, V>(float* x, nint from, float* v, nint to, bool five)
        where T : ISimd<V>
        where V : unmanaged
    {
        V x0 = *(V*)x,
            x1 = *(V*)(x + from),
            x2 = *(V*)(x + 2 * from),
            x3 = *(V*)(x + 3 * from),
            x4 = *(V*)(x + 4 * from);
        V evenA = T.MultiplyAdd(T.Broadcast(-BB), x2, x4),
            oddA = T.Multiply(T.Broadcast(A), T.MultiplyAdd(T.Broadcast(-BB), x1, x3)),
            evenB = T.MultiplyAdd(T.Broadcast(-AA), x2, x4),
            oddB = T.Multiply(T.Broadcast(B), T.MultiplyAdd(T.Broadcast(-AA), x1, x3));
        *(V*)v = T.MultiplyAdd(T.Broadcast(AABB), x0, T.MultiplyAdd(T.Broadcast(-AAPlusBB), x2, x4));
        *(V*)(v + to) = T.Add(evenA, oddA);
        *(V*)(v + 2 * to) = T.Subtract(evenA, oddA);
        *(V*)(v + 3 * to) = T.Add(evenB, oddB);
        *(V*)(v + 4 * to) = T.Subtract(evenB, oddB);
        if (!five)
            *(V*)(v + 5 * to) = T.MultiplyAdd(T.Broadcast(AABB), x1, T.MultiplyAdd(T.Broadcast(-AAPlusBB), x3, *(V*)(x + 5 * from)));
    }

    /// <summary>
    /// Bᵀ: the gradients of six components to those of six inputs. Windows overlap by two inputs, so the first two are added to what the window
    /// before has left there, but for the first window.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputGradient<T, V>(float* u, nint from, float* x, nint to, bool first, bool five)
        where T : ISimd<V>
        where V : unmanaged
    {
        V u0 = *(V*)u,
            u1 = *(V*)(u + from),
            u2 = *(V*)(u + 2 * from),
            u3 = *(V*)(u + 3 * from),
            u4 = *(V*)(u + 4 * from),
            u5 = five ? T.Broadcast(0) : *(V*)(u + 5 * from);
        V differenceA = T.Subtract(u1, u2),
            sumA = T.Add(u1, u2),
            differenceB = T.Subtract(u3, u4),
            sumB = T.Add(u3, u4);
        V x0 = T.Multiply(T.Broadcast(AABB), u0),
            x1 = T.MultiplyAdd(
                T.Broadcast(-ABB),
                differenceA,
                T.MultiplyAdd(T.Broadcast(-AAB), differenceB, T.Multiply(T.Broadcast(AABB), u5))
            );
        if (!first)
        {
            x0 = T.Add(*(V*)x, x0);
            x1 = T.Add(*(V*)(x + to), x1);
        }
        *(V*)x = x0;
        *(V*)(x + to) = x1;
        *(V*)(x + 2 * to) = T.MultiplyAdd(
            T.Broadcast(-AAPlusBB),
            u0,
            T.MultiplyAdd(T.Broadcast(-BB), sumA, T.Multiply(T.Broadcast(-AA), sumB))
        );
        *(V*)(x + 3 * to) = T.MultiplyAdd(
            T.Broadcast(A),
            differenceA,
            T.MultiplyAdd(T.Broadcast(B), differenceB, T.Multiply(T.Broadcast(-AAPlusBB), u5))
        );
        *(V*)(x + 4 * to) = T.Add(u0, T.Add(sumA, sumB));
        if (!five)
            *(V*)(x + 5 * to) = u5;
    }

    /// <summary>A: six components to four outputs, all written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<T, V>(float* m, nint from, float* y, nint to, bool five)
        where T : ISimd<V>
        where V : unmanaged
    {
        V m0 = *(V*)m,
            m1 = *(V*)(m + from),
            m2 = *(V*)(m + 2 * from),
            m3 = *(V*)(m + 3 * from),
            m4 = *(V*)(m + 4 * from);
        V sumA = T.Add(m1, m2),
            differenceA = T.Subtract(m1, m2),
            sumB = T.Add(m3, m4),
            differenceB = T.Subtract(m3, m4);
        *(V*)y = T.Add(T.Add(m0, sumA), sumB);
        *(V*)(y + to) = T.MultiplyAdd(T.Broadcast(A), differenceA, T.Multiply(T.Broadcast(B), differenceB));
        *(V*)(y + 2 * to) = T.MultiplyAdd(T.Broadcast(AA), sumA, T.Multiply(T.Broadcast(BB), sumB));
        if (!five)
            *(V*)(y + 3 * to) = T.MultiplyAdd(
                T.Broadcast(AAA),
                differenceA,
                T.MultiplyAdd(T.Broadcast(BBB), differenceB, *(V*)(m + 5 * from))
            );
    }

    /// <summary>Aᵀ: the gradients of four outputs to those of six components.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputGradient<T, V>(float* y, nint from, float* m, nint to, bool five)
        where T : ISimd<V>
        where V : unmanaged
    {
        V y0 = *(V*)y,
            y1 = *(V*)(y + from),
            y2 = *(V*)(y + 2 * from),
            y3 = five ? T.Broadcast(0) : *(V*)(y + 3 * from);
        V evenA = T.MultiplyAdd(T.Broadcast(AA), y2, y0),
            oddA = T.MultiplyAdd(T.Broadcast(AAA), y3, T.Multiply(T.Broadcast(A), y1)),
            evenB = T.MultiplyAdd(T.Broadcast(BB), y2, y0),
            oddB = T.MultiplyAdd(T.Broadcast(BBB), y3, T.Multiply(T.Broadcast(B), y1));
        *(V*)m = y0;
        *(V*)(m + to) = T.Add(evenA, oddA);
        *(V*)(m + 2 * to) = T.Subtract(evenA, oddA);
        *(V*)(m + 3 * to) = T.Add(evenB, oddB);
        *(V*)(m + 4 * to) = T.Subtract(evenB, oddB);
        if (!five)
            *(V*)(m + 5 * to) = y3;
    }

    /// <summary>G: a kernel of three to six components, all in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel<T, V>(V g0, V g1, V g2, out V u0, out V u1, out V u2, out V u3, out V u4, out V u5)
        where T : ISimd<V>
        where V : unmanaged
    {
        V evenA = T.MultiplyAdd(T.Broadcast(NAAA), g2, T.Multiply(T.Broadcast(NA), g0)),
            oddA = T.Multiply(T.Broadcast(NAA), g1),
            evenB = T.MultiplyAdd(T.Broadcast(NBBB), g2, T.Multiply(T.Broadcast(NB), g0)),
            oddB = T.Multiply(T.Broadcast(NBB), g1);
        u0 = T.Multiply(T.Broadcast(N0), g0);
        u1 = T.Add(evenA, oddA);
        u2 = T.Subtract(evenA, oddA);
        u3 = T.Add(evenB, oddB);
        u4 = T.Subtract(evenB, oddB);
        u5 = g2;
    }

    /// <summary>Gᵀ: the gradients of six components to those of a kernel of three.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KernelGradient<T, V>(V u0, V u1, V u2, V u3, V u4, V u5, out V g0, out V g1, out V g2)
        where T : ISimd<V>
        where V : unmanaged
    {
        V sumA = T.Add(u1, u2),
            differenceA = T.Subtract(u1, u2),
            sumB = T.Add(u3, u4),
            differenceB = T.Subtract(u3, u4);
        g0 = T.MultiplyAdd(T.Broadcast(N0), u0, T.MultiplyAdd(T.Broadcast(NA), sumA, T.Multiply(T.Broadcast(NB), sumB)));
        g1 = T.MultiplyAdd(T.Broadcast(NAA), differenceA, T.Multiply(T.Broadcast(NBB), differenceB));
        g2 = T.MultiplyAdd(T.Broadcast(NAAA), sumA, T.MultiplyAdd(T.Broadcast(NBBB), sumB, u5));
    }
}
