using System.Runtime.CompilerServices;

namespace Latent.Engine.Kernels;

/// <summary>
/// A tile of a product: some rows of one strip of columns, whose sums never leave the registers. It is compiled anew for each combination of
/// vector, strip, epilogue and height, so that within one there is nothing left to decide.
/// </summary>
internal static unsafe class Tile<T, V, TStrip, TEpilogue>
    where T : ISimd<V>
    where V : unmanaged
    where TStrip : IStrip
    where TEpilogue : IEpilogue
{
    /// <summary>Computes a tile of a given height.</summary>
    /// <param name="product">What it is part of.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="height">How many rows: at most 14, at most 8 in a strip of two vectors.</param>
    /// <param name="lanes">How many lanes of a vector are columns.</param>
    public static void Run(in Product product, in TilePlace at, int height, int lanes)
    {
        switch (height)
        {
            case 1:
                Run<N1>(product, at, lanes);
                break;
            case 2:
                Run<N2>(product, at, lanes);
                break;
            case 3:
                Run<N3>(product, at, lanes);
                break;
            case 4:
                Run<N4>(product, at, lanes);
                break;
            case 5:
                Run<N5>(product, at, lanes);
                break;
            case 6:
                Run<N6>(product, at, lanes);
                break;
            case 7:
                Run<N7>(product, at, lanes);
                break;
            case 8:
                Run<N8>(product, at, lanes);
                break;
            case 9 when TStrip.Vectors == 1:
                Run<N9>(product, at, lanes);
                break;
            case 10 when TStrip.Vectors == 1:
                Run<N10>(product, at, lanes);
                break;
            case 11 when TStrip.Vectors == 1:
                Run<N11>(product, at, lanes);
                break;
            case 12 when TStrip.Vectors == 1:
                Run<N12>(product, at, lanes);
                break;
            case 13 when TStrip.Vectors == 1:
                Run<N13>(product, at, lanes);
                break;
            case 14 when TStrip.Vectors == 1:
                Run<N14>(product, at, lanes);
                break;
            default:
                throw new InvalidOperationException($"no tile has {height} rows");
        }
    }

    // Optimized at once: this loop is where the time goes, and the runtime's first version of it would be some hundred times slower.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<THeight>(in Product product, in TilePlace at, int lanes)
        where THeight : INumber
    {
        // a tile of one vector is two halves that may lie apart
        int half = TStrip.Vectors == 1 ? (THeight.Value + 1) / 2 : THeight.Value;
        Sums s0 = default,
            s1 = default,
            s2 = default,
            s3 = default,
            s4 = default,
            s5 = default,
            s6 = default,
            s7 = default,
            s8 = default,
            s9 = default,
            s10 = default,
            s11 = default,
            s12 = default,
            s13 = default;
        nint down = product.ARow,
            right = product.ADepth,
            next = product.BDepth,
            jump = at.AJump;
        float* firstA = at.A,
            firstB = at.B;
        for (int block = product.Blocks; block != 0; block--, firstA += product.ABlock, firstB += product.BBlock)
        {
            float* a = firstA,
                b = firstB;
            for (int segment = product.Segments; segment != 0; segment--, a += product.ASegment, b += product.BSegment)
            {
                float* x = a,
                    far = a + jump,
                    y = b;
                for (int left = product.Depth; left != 0; left--)
                {
                    V first = *(V*)y,
                        second = TStrip.Vectors == 2 ? ((V*)y)[1] : first;
                    s0.Add(*x, first, second);
                    if (THeight.Value > 1)
                    {
                        float* a1 = 1 < half ? x + down : far + (1 - half) * down;
                        s1.Add(*a1, first, second);
                    }
                    if (THeight.Value > 2)
                    {
                        float* a2 = 2 < half ? x + 2 * down : far + (2 - half) * down;
                        s2.Add(*a2, first, second);
                    }
                    if (THeight.Value > 3)
                    {
                        float* a3 = 3 < half ? x + 3 * down : far + (3 - half) * down;
                        s3.Add(*a3, first, second);
                    }
                    if (THeight.Value > 4)
                    {
                        float* a4 = 4 < half ? x + 4 * down : far + (4 - half) * down;
                        s4.Add(*a4, first, second);
                    }
                    if (THeight.Value > 5)
                    {
                        float* a5 = 5 < half ? x + 5 * down : far + (5 - half) * down;
                        s5.Add(*a5, first, second);
                    }
                    if (THeight.Value > 6)
                    {
                        float* a6 = 6 < half ? x + 6 * down : far + (6 - half) * down;
                        s6.Add(*a6, first, second);
                    }
                    if (THeight.Value > 7)
                    {
                        float* a7 = 7 < half ? x + 7 * down : far + (7 - half) * down;
                        s7.Add(*a7, first, second);
                    }
                    if (THeight.Value > 8)
                    {
                        float* a8 = 8 < half ? x + 8 * down : far + (8 - half) * down;
                        s8.Add(*a8, first, second);
                    }
                    if (THeight.Value > 9)
                    {
                        float* a9 = 9 < half ? x + 9 * down : far + (9 - half) * down;
                        s9.Add(*a9, first, second);
                    }
                    if (THeight.Value > 10)
                    {
                        float* a10 = 10 < half ? x + 10 * down : far + (10 - half) * down;
                        s10.Add(*a10, first, second);
                    }
                    if (THeight.Value > 11)
                    {
                        float* a11 = 11 < half ? x + 11 * down : far + (11 - half) * down;
                        s11.Add(*a11, first, second);
                    }
                    if (THeight.Value > 12)
                    {
                        float* a12 = 12 < half ? x + 12 * down : far + (12 - half) * down;
                        s12.Add(*a12, first, second);
                    }
                    if (THeight.Value > 13)
                    {
                        float* a13 = 13 < half ? x + 13 * down : far + (13 - half) * down;
                        s13.Add(*a13, first, second);
                    }
                    x += right;
                    if (half < THeight.Value)
                        far += right;
                    y += next;
                }
            }
        }
        float* to = at.C,
            aux = at.Aux;
        nint toNext = product.CRow,
            auxNext = product.AuxRow;
        s0.Finish(to, aux, lanes);
        if (THeight.Value > 1)
        {
            to += 1 == half ? at.CJump : toNext;
            aux += 1 == half ? at.AuxJump : auxNext;
            s1.Finish(to, aux, lanes);
        }
        if (THeight.Value > 2)
        {
            to += 2 == half ? at.CJump : toNext;
            aux += 2 == half ? at.AuxJump : auxNext;
            s2.Finish(to, aux, lanes);
        }
        if (THeight.Value > 3)
        {
            to += 3 == half ? at.CJump : toNext;
            aux += 3 == half ? at.AuxJump : auxNext;
            s3.Finish(to, aux, lanes);
        }
        if (THeight.Value > 4)
        {
            to += 4 == half ? at.CJump : toNext;
            aux += 4 == half ? at.AuxJump : auxNext;
            s4.Finish(to, aux, lanes);
        }
        if (THeight.Value > 5)
        {
            to += 5 == half ? at.CJump : toNext;
            aux += 5 == half ? at.AuxJump : auxNext;
            s5.Finish(to, aux, lanes);
        }
        if (THeight.Value > 6)
        {
            to += 6 == half ? at.CJump : toNext;
            aux += 6 == half ? at.AuxJump : auxNext;
            s6.Finish(to, aux, lanes);
        }
        if (THeight.Value > 7)
        {
            to += 7 == half ? at.CJump : toNext;
            aux += 7 == half ? at.AuxJump : auxNext;
            s7.Finish(to, aux, lanes);
        }
        if (THeight.Value > 8)
        {
            to += 8 == half ? at.CJump : toNext;
            aux += 8 == half ? at.AuxJump : auxNext;
            s8.Finish(to, aux, lanes);
        }
        if (THeight.Value > 9)
        {
            to += 9 == half ? at.CJump : toNext;
            aux += 9 == half ? at.AuxJump : auxNext;
            s9.Finish(to, aux, lanes);
        }
        if (THeight.Value > 10)
        {
            to += 10 == half ? at.CJump : toNext;
            aux += 10 == half ? at.AuxJump : auxNext;
            s10.Finish(to, aux, lanes);
        }
        if (THeight.Value > 11)
        {
            to += 11 == half ? at.CJump : toNext;
            aux += 11 == half ? at.AuxJump : auxNext;
            s11.Finish(to, aux, lanes);
        }
        if (THeight.Value > 12)
        {
            to += 12 == half ? at.CJump : toNext;
            aux += 12 == half ? at.AuxJump : auxNext;
            s12.Finish(to, aux, lanes);
        }
        if (THeight.Value > 13)
        {
            to += 13 == half ? at.CJump : toNext;
            aux += 13 == half ? at.AuxJump : auxNext;
            s13.Finish(to, aux, lanes);
        }
    }

    // The sums of one row. Each row is a local variable of its own, since the JIT keeps those in registers, but not the elements of an array.
    private struct Sums
    {
        private V _first,
            _second;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(float a, V first, V second)
        {
            V spread = T.Broadcast(a);
            _first = T.MultiplyAdd(spread, first, _first);
            if (TStrip.Vectors == 2)
                _second = T.MultiplyAdd(spread, second, _second);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Finish(float* to, float* aux, int lanes)
        {
            V* vectors = (V*)to,
                others = (V*)aux;
            V first = TEpilogue.Finish<T, V>(_first, vectors[0], others[0]);
            if (TStrip.IsPartial)
            {
                for (int lane = 0; lane < lanes; lane++)
                    to[lane] = ((float*)&first)[lane];
                return;
            }
            vectors[0] = first;
            if (TStrip.Vectors == 2)
                vectors[1] = TEpilogue.Finish<T, V>(_second, vectors[1], others[1]);
        }
    }
}

/// <summary>Where a tile's first row lies, and how far the second half of its rows.</summary>
internal unsafe struct TilePlace
{
    public float* A,
        B,
        C,
        Aux;

    /// <summary>From the first row of the first half to that of the second.</summary>
    public nint AJump;

    /// <summary>From the last row of the first half to the first of the second.</summary>
    public nint CJump,
        AuxJump;
}

/// <summary>How wide a strip of columns is.</summary>
internal interface IStrip
{
    /// <summary>Vectors side by side.</summary>
    static abstract int Vectors { get; }

    /// <summary>Whether only some lanes of the one vector are columns.</summary>
    static abstract bool IsPartial { get; }
}

internal struct TwoVectors : IStrip
{
    public static int Vectors => 2;
    public static bool IsPartial => false;
}

internal struct OneVector : IStrip
{
    public static int Vectors => 1;
    public static bool IsPartial => false;
}

internal struct PartOfVector : IStrip
{
    public static int Vectors => 1;
    public static bool IsPartial => true;
}
