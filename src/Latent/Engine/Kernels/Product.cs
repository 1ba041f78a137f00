using System.Runtime.Intrinsics;

namespace Latent.Engine.Kernels;

/// <summary>
/// The product that all layers are made of: for every row and column of C, the sum of A[row, d] · B[d, column] over the depth d, handed to an
/// epilogue.
/// </summary>
/// <remarks>
/// <para>All strides count floats. A whose rows and depth change places is A transposed. The depth may come in several segments of equal
/// length, each beginning ASegment and BSegment floats after the one before: the rows of a kernel that slides over an image, or the rows of
/// the image itself. The segments may come in several blocks likewise: the images. So may the rows of C come in several runs of equal
/// length, each beginning ARun, CRun and AuxRun floats after the one before: the rows of an image that has borders.</para>
/// <para>Columns are vector lanes. Nothing is ever added across lanes, and a lane takes its terms in the order of depth with one rounding each,
/// so the width of the vectors, the height of the tiles and the machine leave no trace in the result.</para>
/// <para>Where the columns do not fill a vector, up to 15 floats behind them are read in B, C and Aux; they must be readable, and are not
/// written.</para>
/// </remarks>
internal unsafe struct Product
{
    public int Rows,
        Columns,
        Depth,
        Runs,
        Segments,
        Blocks;
    public float* A,
        B,
        C,
        Aux; // for the epilogue: a number for each row and column
    public nint ARow,
        ARun,
        ADepth,
        ASegment,
        ABlock,
        BDepth,
        BSegment,
        BBlock,
        CRow,
        CRun,
        AuxRow, // 0 where all rows share their numbers
        AuxRun;

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
        float* aux = null,
        nint auxRow = 0
    )
        where TEpilogue : IEpilogue =>
        Run<TEpilogue>(
            new Product
            {
                Rows = rows,
                Columns = columns,
                Depth = depth,
                Runs = 1,
                Segments = 1,
                Blocks = 1,
                A = a,
                ARow = aRow,
                ADepth = aDepth,
                B = b,
                BDepth = bDepth,
                C = c,
                CRow = cRow,
                Aux = aux,
                AuxRow = auxRow,
            }
        );

    /// <summary>Computes the product with the registers of this machine.</summary>
    public static void Run<TEpilogue>(in Product product)
        where TEpilogue : IEpilogue
    {
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = Across<Simd512, Vector512<float>, TEpilogue>(product, done, leave: 8);
        if (Vector256.IsHardwareAccelerated)
            done = Across<Simd256, Vector256<float>, TEpilogue>(product, done, leave: 4);
        if (Vector128.IsHardwareAccelerated)
            done = Across<Simd128, Vector128<float>, TEpilogue>(product, done, leave: 0);
        Across<Scalar, float, TEpilogue>(product, done, leave: 0);
    }

    // From the column "done" on, as far as this width is the right one; gives the first column that is left. Up to "leave" columns are better off
    // in a narrower vector.
    private static int Across<T, V, TEpilogue>(in Product product, int done, int leave)
        where T : ISimd<V>
        where V : unmanaged
        where TEpilogue : IEpilogue
    {
        int lanes = sizeof(V) / sizeof(float),
            left = product.Columns - done;
        while (left >= 2 * lanes)
        {
            Down<T, V, TwoVectors, TEpilogue>(product, done, lanes);
            done += 2 * lanes;
            left -= 2 * lanes;
        }
        if (left >= lanes)
        {
            Down<T, V, OneVector, TEpilogue>(product, done, lanes);
            done += lanes;
            left -= lanes;
        }
        if (left <= leave)
            return done;
        Down<T, V, PartOfVector, TEpilogue>(product, done, left);
        return product.Columns;
    }

    // One strip of columns, tile by tile. Tiles are as equal in height as can be: every row of a tile is a chain of additions, and it takes
    // many chains side by side to hide how long each addition takes.
    private static void Down<T, V, TStrip, TEpilogue>(in Product product, int column, int lanes)
        where T : ISimd<V>
        where V : unmanaged
        where TStrip : IStrip
        where TEpilogue : IEpilogue
    {
        // What must be in registers at once: the sums, the vectors of B, a number of A. There are 32 with AVX-512 and 16 without.
        bool many = Vector512.IsHardwareAccelerated;
        int most =
            TStrip.Vectors == 1 ? (many ? 14 : 12)
            : many ? 8
            : 6;
        var at = new TilePlace { B = product.B + column };
        for (int run = 0; run < product.Runs; run++)
        {
            at.A = product.A + run * product.ARun;
            at.C = product.C + run * product.CRun + column;
            at.Aux = product.Aux + run * product.AuxRun + column;
            if (TStrip.Vectors == 1 && run + 1 < product.Runs && 2 * product.Rows <= most)
            {
                // two short runs together
                (at.AJump, at.CJump, at.AuxJump) = (
                    product.ARun,
                    product.CRun - (product.Rows - 1) * product.CRow,
                    product.AuxRun - (product.Rows - 1) * product.AuxRow
                );
                Tile<T, V, TStrip, TEpilogue>.Run(product, at, 2 * product.Rows, lanes);
                run++;
                continue;
            }
            (at.CJump, at.AuxJump) = (product.CRow, product.AuxRow);
            int tiles = (product.Rows + most - 1) / most,
                row = 0;
            for (int tile = 1; tile <= tiles; tile++)
            {
                int end = (int)((long)product.Rows * tile / tiles),
                    height = end - row;
                at.AJump = (height + 1) / 2 * product.ARow;
                Tile<T, V, TStrip, TEpilogue>.Run(product, at, height, lanes);
                at.A += height * product.ARow;
                at.C += height * product.CRow;
                at.Aux += height * product.AuxRow;
                row = end;
            }
        }
    }
}
