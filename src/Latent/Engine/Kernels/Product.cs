using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Latent.Engine.Kernels;

/// <summary>
/// The one matrix product behind every layer: C[row, column] becomes, by the epilogue, Σ A[row, d] · B[d, column] over the depth d.
/// </summary>
/// <remarks>
/// <para>The depth is Segments runs of Depth numbers, with a jump of A and of B between the runs: the rows of a kernel, the rows of an
/// image. Strides count floats; a transposed A swaps ARow and ADepth.</para>
/// <para>C is cut into tiles that stay in registers for the whole sum: each step of depth loads one or two vectors of B, spreads one number
/// of A per row over a vector, and multiplies and adds once per row and vector. A lane is one column and adds its products in the order of
/// depth, so every vector width, also the scalar one, gives the same bits, and so does every height of a tile. Width, height, panel and
/// epilogue are type parameters: the JIT compiles each combination by itself, with all of them constant.</para>
/// <para>A panel narrower than a vector reads up to 15 floats past its columns in B, C and Aux, which must be readable; it writes none.</para>
/// </remarks>
internal unsafe struct Product
{
    public int Rows,
        Columns,
        Depth,
        Segments;
    public float* A;
    public nint ARow,
        ADepth,
        ASegment;
    public float* B;
    public nint BDepth,
        BSegment;
    public float* C;
    public nint CRow;
    public float* Aux; // what the epilogue reads: a bias (AuxRow = 0), or numbers shaped like C
    public nint AuxRow;

    /// <summary>The plain product of two matrices: one segment.</summary>
    public static void Multiply<TEpilogue>(
        int rows,
        int columns,
        int depth,
        float* a,
        nint aRow,
        nint aDepth,
        float* b,
        nint bDepth,
        float* c,
        nint cRow,
        float* aux = null
    )
        where TEpilogue : IEpilogue =>
        Run<TEpilogue>(
            new Product
            {
                Rows = rows,
                Columns = columns,
                Depth = depth,
                Segments = 1,
                A = a,
                ARow = aRow,
                ADepth = aDepth,
                B = b,
                BDepth = bDepth,
                C = c,
                CRow = cRow,
                Aux = aux,
            }
        );

    public static void Run<TEpilogue>(in Product p)
        where TEpilogue : IEpilogue
    {
        int column = 0; // the widest vectors take as many columns as they can, narrower ones the rest
        if (Vector512.IsHardwareAccelerated)
            Panels<Simd512, Vector512<float>, TEpilogue>(p, ref column, 8);
        if (Vector256.IsHardwareAccelerated)
            Panels<Simd256, Vector256<float>, TEpilogue>(p, ref column, 4);
        if (Vector128.IsHardwareAccelerated)
            Panels<Simd128, Vector128<float>, TEpilogue>(p, ref column, 0);
        Panels<Scalar, float, TEpilogue>(p, ref column, 0);
    }

    // A rest of more than atLeast columns is one panel of this width, partly unused.
    private static void Panels<T, V, TEpilogue>(in Product p, ref int column, int atLeast)
        where T : ISimd<V>
        where V : unmanaged
        where TEpilogue : IEpilogue
    {
        int width = sizeof(V) / sizeof(float);
        for (; p.Columns - column >= 2 * width; column += 2 * width)
            Tiles<T, V, TwoVectors, TEpilogue>(p, column, width);
        for (; p.Columns - column >= width; column += width)
            Tiles<T, V, OneVector, TEpilogue>(p, column, width);
        if (p.Columns - column > atLeast)
        {
            Tiles<T, V, PartOfVector, TEpilogue>(p, column, p.Columns - column);
            column = p.Columns;
        }
    }

    // Rows are split evenly, 9 as 5 + 4 and not 8 + 1: a flat tile has too few sums to keep the multipliers busy.
    private static void Tiles<T, V, TPanel, TEpilogue>(in Product p, int column, int lanes)
        where T : ISimd<V>
        where V : unmanaged
        where TPanel : IPanel
        where TEpilogue : IEpilogue
    {
        // With AVX-512 there are 32 registers, else 16: the sums, the vectors of B and one of A must fit.
        int tallest = TPanel.Vectors == 2 ? (Vector512.IsHardwareAccelerated ? 8 : 6) : (Vector512.IsHardwareAccelerated ? 14 : 12);
        int row = 0,
            height;
        for (int tiles = (p.Rows + tallest - 1) / tallest; tiles > 0; tiles--, row += height)
            switch (height = (p.Rows - row + tiles - 1) / tiles)
            {
                case 1:
                    Tile<T, V, N1, TPanel, TEpilogue>(p, row, column, lanes);
                    break;
                case 2:
                    Tile<T, V, N2, TPanel, TEpilogue>(p, row, column, lanes);
                    break;
                case 3:
                    Tile<T, V, N3, TPanel, TEpilogue>(p, row, column, lanes);
                    break;
                case 4:
                    Tile<T, V, N4, TPanel, TEpilogue>(p, row, column, lanes);
                    break;
                case 5:
                    Tile<T, V, N5, TPanel, TEpilogue>(p, row, column, lanes);
                    break;
                case 6:
                    Tile<T, V, N6, TPanel, TEpilogue>(p, row, column, lanes);
                    break;
                case 7:
                    Tile<T, V, N7, TPanel, TEpilogue>(p, row, column, lanes);
                    break;
                case 8:
                    Tile<T, V, N8, TPanel, TEpilogue>(p, row, column, lanes);
                    break;
                case 9 when TPanel.Vectors == 1:
                    Tile<T, V, N9, TPanel, TEpilogue>(p, row, column, lanes);
                    break;
                case 10 when TPanel.Vectors == 1:
                    Tile<T, V, N10, TPanel, TEpilogue>(p, row, column, lanes);
                    break;
                case 11 when TPanel.Vectors == 1:
                    Tile<T, V, N11, TPanel, TEpilogue>(p, row, column, lanes);
                    break;
                case 12 when TPanel.Vectors == 1:
                    Tile<T, V, N12, TPanel, TEpilogue>(p, row, column, lanes);
                    break;
                case 13 when TPanel.Vectors == 1:
                    Tile<T, V, N13, TPanel, TEpilogue>(p, row, column, lanes);
                    break;
                case 14 when TPanel.Vectors == 1:
                    Tile<T, V, N14, TPanel, TEpilogue>(p, row, column, lanes);
                    break;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // full speed from the first call: the first tier runs this a hundred times slower
    private static void Tile<T, V, TRows, TPanel, TEpilogue>(in Product p, int row, int column, int lanes)
        where T : ISimd<V>
        where V : unmanaged
        where TRows : INumber
        where TPanel : IPanel
        where TEpilogue : IEpilogue
    {
        TileRow<T, V, TPanel> r0 = default,
            r1 = default,
            r2 = default,
            r3 = default,
            r4 = default,
            r5 = default,
            r6 = default,
            r7 = default,
            r8 = default,
            r9 = default,
            r10 = default,
            r11 = default,
            r12 = default,
            r13 = default;
        float* a = p.A + row * p.ARow,
            b = p.B + column;
        nint aRow = p.ARow,
            aDepth = p.ADepth,
            bDepth = p.BDepth;
        nint aJump = p.ASegment - p.Depth * aDepth,
            bJump = p.BSegment - p.Depth * bDepth;
        for (int segment = p.Segments; segment > 0; segment--, a += aJump, b += bJump)
        {
            for (int depth = p.Depth; depth > 0; depth--, a += aDepth, b += bDepth)
            {
                V b0 = ((V*)b)[0],
                    b1 = TPanel.Vectors > 1 ? ((V*)b)[1] : b0;
                r0.Add(T.Broadcast(a[0]), b0, b1);
                if (TRows.Value > 1)
                    r1.Add(T.Broadcast(a[aRow]), b0, b1);
                if (TRows.Value > 2)
                    r2.Add(T.Broadcast(a[2 * aRow]), b0, b1);
                if (TRows.Value > 3)
                    r3.Add(T.Broadcast(a[3 * aRow]), b0, b1);
                if (TRows.Value > 4)
                    r4.Add(T.Broadcast(a[4 * aRow]), b0, b1);
                if (TRows.Value > 5)
                    r5.Add(T.Broadcast(a[5 * aRow]), b0, b1);
                if (TRows.Value > 6)
                    r6.Add(T.Broadcast(a[6 * aRow]), b0, b1);
                if (TRows.Value > 7)
                    r7.Add(T.Broadcast(a[7 * aRow]), b0, b1);
                if (TRows.Value > 8)
                    r8.Add(T.Broadcast(a[8 * aRow]), b0, b1);
                if (TRows.Value > 9)
                    r9.Add(T.Broadcast(a[9 * aRow]), b0, b1);
                if (TRows.Value > 10)
                    r10.Add(T.Broadcast(a[10 * aRow]), b0, b1);
                if (TRows.Value > 11)
                    r11.Add(T.Broadcast(a[11 * aRow]), b0, b1);
                if (TRows.Value > 12)
                    r12.Add(T.Broadcast(a[12 * aRow]), b0, b1);
                if (TRows.Value > 13)
                    r13.Add(T.Broadcast(a[13 * aRow]), b0, b1);
            }
        }
        float* c = p.C + row * p.CRow + column,
            x = p.Aux + row * p.AuxRow + column;
        nint cRow = p.CRow,
            xRow = p.AuxRow;
        r0.Finish<TEpilogue>(c, x, lanes);
        if (TRows.Value > 1)
            r1.Finish<TEpilogue>(c += cRow, x += xRow, lanes);
        if (TRows.Value > 2)
            r2.Finish<TEpilogue>(c += cRow, x += xRow, lanes);
        if (TRows.Value > 3)
            r3.Finish<TEpilogue>(c += cRow, x += xRow, lanes);
        if (TRows.Value > 4)
            r4.Finish<TEpilogue>(c += cRow, x += xRow, lanes);
        if (TRows.Value > 5)
            r5.Finish<TEpilogue>(c += cRow, x += xRow, lanes);
        if (TRows.Value > 6)
            r6.Finish<TEpilogue>(c += cRow, x += xRow, lanes);
        if (TRows.Value > 7)
            r7.Finish<TEpilogue>(c += cRow, x += xRow, lanes);
        if (TRows.Value > 8)
            r8.Finish<TEpilogue>(c += cRow, x += xRow, lanes);
        if (TRows.Value > 9)
            r9.Finish<TEpilogue>(c += cRow, x += xRow, lanes);
        if (TRows.Value > 10)
            r10.Finish<TEpilogue>(c += cRow, x += xRow, lanes);
        if (TRows.Value > 11)
            r11.Finish<TEpilogue>(c += cRow, x += xRow, lanes);
        if (TRows.Value > 12)
            r12.Finish<TEpilogue>(c += cRow, x += xRow, lanes);
        if (TRows.Value > 13)
            r13.Finish<TEpilogue>(c += cRow, x += xRow, lanes);
    }

    /// <summary>One row of a tile. As a local of Tile its sums are registers; an array of rows would live in memory.</summary>
    private struct TileRow<T, V, TPanel>
        where T : ISimd<V>
        where V : unmanaged
        where TPanel : IPanel
    {
        private V _left,
            _right;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(V a, V b0, V b1)
        {
            _left = T.MultiplyAdd(a, b0, _left);
            if (TPanel.Vectors > 1)
                _right = T.MultiplyAdd(a, b1, _right);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Finish<TEpilogue>(float* c, float* x, int lanes)
            where TEpilogue : IEpilogue
        {
            V left = TEpilogue.Finish<T, V>(_left, ((V*)c)[0], ((V*)x)[0]);
            if (TPanel.Partial)
            {
                for (int i = 0; i < lanes; i++)
                    c[i] = ((float*)&left)[i];
                return;
            }
            ((V*)c)[0] = left;
            if (TPanel.Vectors > 1)
                ((V*)c)[1] = TEpilogue.Finish<T, V>(_right, ((V*)c)[1], ((V*)x)[1]);
        }
    }
}

/// <summary>How many vectors of columns a tile has, and whether it stores only some lanes of its one.</summary>
internal interface IPanel
{
    static abstract int Vectors { get; }
    static abstract bool Partial { get; }
}

internal struct TwoVectors : IPanel
{
    public static int Vectors => 2;
    public static bool Partial => false;
}

internal struct OneVector : IPanel
{
    public static int Vectors => 1;
    public static bool Partial => false;
}

internal struct PartOfVector : IPanel
{
    public static int Vectors => 1;
    public static bool Partial => true;
}
