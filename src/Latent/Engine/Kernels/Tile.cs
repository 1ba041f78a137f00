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
    /// <param name="row">Its first row.</param>
    /// <param name="height">How many rows: at most 14, at most 8 in a strip of two vectors.</param>
    /// <param name="column">Its first column.</param>
    /// <param name="lanes">How many lanes of a vector are columns.</param>
    public static void Run(in Product product, int row, int height, int column, int lanes)
    {
        switch (height)
        {
            case 1:
                Run<N1>(product, row, column, lanes);
                break;
            case 2:
                Run<N2>(product, row, column, lanes);
                break;
            case 3:
                Run<N3>(product, row, column, lanes);
                break;
            case 4:
                Run<N4>(product, row, column, lanes);
                break;
            case 5:
                Run<N5>(product, row, column, lanes);
                break;
            case 6:
                Run<N6>(product, row, column, lanes);
                break;
            case 7:
                Run<N7>(product, row, column, lanes);
                break;
            case 8:
                Run<N8>(product, row, column, lanes);
                break;
            case 9 when TStrip.Vectors == 1:
                Run<N9>(product, row, column, lanes);
                break;
            case 10 when TStrip.Vectors == 1:
                Run<N10>(product, row, column, lanes);
                break;
            case 11 when TStrip.Vectors == 1:
                Run<N11>(product, row, column, lanes);
                break;
            case 12 when TStrip.Vectors == 1:
                Run<N12>(product, row, column, lanes);
                break;
            case 13 when TStrip.Vectors == 1:
                Run<N13>(product, row, column, lanes);
                break;
            case 14 when TStrip.Vectors == 1:
                Run<N14>(product, row, column, lanes);
                break;
            default:
                throw new InvalidOperationException($"no tile has {height} rows");
        }
    }

    // Optimized at once: this loop is where the time goes, and the runtime's first version of it would be some hundred times slower.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<THeight>(in Product product, int row, int column, int lanes)
        where THeight : INumber
    {
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
            next = product.BDepth;
        float* firstA = product.A + row * down,
            firstB = product.B + column;
        for (int block = product.Blocks; block != 0; block--, firstA += product.ABlock, firstB += product.BBlock)
        {
            float* a = firstA,
                b = firstB;
        for (int segment = product.Segments; segment != 0; segment--)
        {
            float* x = a,
                y = b;
            for (int left = product.Depth; left != 0; left--)
            {
                V first = *(V*)y,
                    second = TStrip.Vectors == 2 ? ((V*)y)[1] : first;
                s0.Add(*x, first, second);
                if (THeight.Value > 1)
                    s1.Add(x[down], first, second);
                if (THeight.Value > 2)
                    s2.Add(x[2 * down], first, second);
                if (THeight.Value > 3)
                    s3.Add(x[3 * down], first, second);
                if (THeight.Value > 4)
                    s4.Add(x[4 * down], first, second);
                if (THeight.Value > 5)
                    s5.Add(x[5 * down], first, second);
                if (THeight.Value > 6)
                    s6.Add(x[6 * down], first, second);
                if (THeight.Value > 7)
                    s7.Add(x[7 * down], first, second);
                if (THeight.Value > 8)
                    s8.Add(x[8 * down], first, second);
                if (THeight.Value > 9)
                    s9.Add(x[9 * down], first, second);
                if (THeight.Value > 10)
                    s10.Add(x[10 * down], first, second);
                if (THeight.Value > 11)
                    s11.Add(x[11 * down], first, second);
                if (THeight.Value > 12)
                    s12.Add(x[12 * down], first, second);
                if (THeight.Value > 13)
                    s13.Add(x[13 * down], first, second);
                x += right;
                y += next;
            }
            a += product.ASegment;
            b += product.BSegment;
        }
        }
        float* to = product.C + row * product.CRow + column,
            aux = product.Aux + row * product.AuxRow + column;
        nint toNext = product.CRow,
            auxNext = product.AuxRow;
        s0.Finish(to, aux, lanes);
        if (THeight.Value > 1)
            s1.Finish(to += toNext, aux += auxNext, lanes);
        if (THeight.Value > 2)
            s2.Finish(to += toNext, aux += auxNext, lanes);
        if (THeight.Value > 3)
            s3.Finish(to += toNext, aux += auxNext, lanes);
        if (THeight.Value > 4)
            s4.Finish(to += toNext, aux += auxNext, lanes);
        if (THeight.Value > 5)
            s5.Finish(to += toNext, aux += auxNext, lanes);
        if (THeight.Value > 6)
            s6.Finish(to += toNext, aux += auxNext, lanes);
        if (THeight.Value > 7)
            s7.Finish(to += toNext, aux += auxNext, lanes);
        if (THeight.Value > 8)
            s8.Finish(to += toNext, aux += auxNext, lanes);
        if (THeight.Value > 9)
            s9.Finish(to += toNext, aux += auxNext, lanes);
        if (THeight.Value > 10)
            s10.Finish(to += toNext, aux += auxNext, lanes);
        if (THeight.Value > 11)
            s11.Finish(to += toNext, aux += auxNext, lanes);
        if (THeight.Value > 12)
            s12.Finish(to += toNext, aux += auxNext, lanes);
        if (THeight.Value > 13)
            s13.Finish(to += toNext, aux += auxNext, lanes);
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
