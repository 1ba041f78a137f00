using System.Runtime.CompilerServices;
using Latent.Engine.Kernels;

namespace Latent.Engine.Operations;

/// <summary>
/// The window that slides in a convolution, between a large image (which it covers patch by patch) and a small one (a pixel per patch), and the
/// three products of it. A convolution gathers forward and scatters back, a transposed one the other way round.
/// </summary>
/// <param name="Height">Rows of the window.</param>
/// <param name="Width">Columns of the window.</param>
/// <param name="StrideY">Rows of the large image per row of the small one.</param>
/// <param name="StrideX">Columns likewise.</param>
/// <param name="Top">Rows of the first window above the large image.</param>
/// <param name="Left">Columns of the first window left of it.</param>
internal readonly unsafe record struct Patches(int Height, int Width, int StrideY, int StrideX, int Top, int Left)
{
    private const int EnoughTerms = 256;

    public int Taps => checked(Height * Width);

    /// <summary>The borders of the large image that make every window lie in memory.</summary>
    public Borders BordersFor(Networks.Shape large, Networks.Shape small) =>
        checked(
            new(
                Math.Max(0, Top),
                Math.Max(0, (small.Height - 1) * StrideY - Top + Height - large.Height),
                Math.Max(0, Left),
                Math.Max(0, (small.Width - 1) * StrideX - Left + Width - large.Width)
            )
        );

    /// <summary>small[y, x] ← epilogue(Σ large[window] · kernel), kernel as [rows, columns · large channels][small channels].</summary>
    /// <param name="f">The images.</param>
    /// <param name="large">What the window slides over.</param>
    /// <param name="small">A pixel a window.</param>
    /// <param name="kernel">The numbers of the window.</param>
    /// <param name="aux">The epilogue's numbers, the same for every pixel.</param>
    /// <param name="gate">The epilogue's numbers in their place: a tensor like the small one.</param>
    public void Gather<TEpilogue>(in Frame f, Tensor large, Tensor small, float* kernel, float* aux = null, Tensor? gate = null)
        where TEpilogue : IEpilogue
    {
        int from = large.Shape.Channels,
            to = small.Shape.Channels;
        for (int n = 0; n < f.Images; n++)
        {
            if (gate is not null)
                aux = f.Of(gate, n);
            Product.Run<TEpilogue>(
                new Product
                {
                    Rows = small.Shape.Width,
                    Columns = to,
                    Runs = small.Shape.Height,
                    Blocks = 1,
                    Segments = Height,
                    Depth = Width * from,
                    A = f.Of(large, n) - (nint)Top * large.RowStride - Left * from,
                    ARow = StrideX * from,
                    ARun = (nint)StrideY * large.RowStride,
                    ADepth = 1,
                    ASegment = large.RowStride,
                    B = kernel,
                    BDepth = to,
                    BSegment = Width * from * to,
                    C = f.Of(small, n),
                    CRow = to,
                    CRun = small.RowStride,
                    Aux = aux,
                    AuxRow = gate is null ? 0 : to,
                    AuxRun = gate is null ? 0 : gate.RowStride,
                }
            );
        }
    }

    /// <summary>
    /// gradient[rows, columns · large channels][small channels] ← Σ over pixels of large[window]ᵀ · small, images in order; added to what is there
    /// unless <paramref name="store"/>.
    /// </summary>
    public void Outer(in Frame f, Tensor large, Tensor small, float* gradient, bool store)
    {
        // Some images at a time, so that a tile's sums run long enough to be worth their way out of the registers and back.
        int together = Math.Max(1, EnoughTerms / (small.Shape.Height * small.Shape.Width));
        for (int n = 0; n < f.Images; n += together)
        {
            int images = Math.Min(together, f.Images - n);
            if (store && n == 0)
                Outer<Store>(f, large, small, gradient, n, images);
            else
                Outer<AddTo>(f, large, small, gradient, n, images);
        }
    }

    private void Outer<TEpilogue>(in Frame f, Tensor large, Tensor small, float* gradient, int first, int images)
        where TEpilogue : IEpilogue
    {
        int from = large.Shape.Channels,
            to = small.Shape.Channels;
        float* a = f.Of(large, first) - (nint)Top * large.RowStride - Left * from,
            b = f.Of(small, first);
        for (int row = 0; row < Height; row++)
            Product.Run<TEpilogue>(
                new Product
                {
                    Rows = Width * from,
                    Columns = to,
                    Runs = 1,
                    Blocks = images,
                    Segments = small.Shape.Height,
                    Depth = small.Shape.Width,
                    A = a + (nint)row * large.RowStride,
                    ARow = 1,
                    ADepth = StrideX * from,
                    ASegment = (nint)StrideY * large.RowStride,
                    ABlock = large.ImageStride,
                    B = b,
                    BDepth = to,
                    BSegment = small.RowStride,
                    BBlock = small.ImageStride,
                    C = gradient + (nint)row * Width * from * to,
                    CRow = to,
                }
            );
    }

    /// <summary>Floats of scratch that <see cref="Scatter"/> needs.</summary>
    public int ScatterScratch(Networks.Shape large, Networks.Shape small) =>
        checked(small.Height * small.Width * Taps * large.Channels + 2 * RowLength(large, small) + 64);

    /// <summary>
    /// large ← Σ over patches of small · kernel (+ bias), kernel as [small channels][taps · large channels]: multiply first, then add each
    /// product where its window lies. The small image must have no borders.
    /// </summary>
    public void Scatter(in Frame f, Tensor small, Tensor large, float* kernel, float* bias, bool relu, Tensor? gate = null)
    {
        int from = small.Shape.Channels,
            to = large.Shape.Channels,
            pixels = small.Shape.Height * small.Shape.Width,
            spread = Taps * to,
            width = large.Shape.Width * to;
        float* row = f.Scratch + (nint)pixels * spread + 16;
        bool isHalving = Width == 2 * StrideX && Height <= 2 * StrideY;
        if (isHalving)
            Arrays.Clear(row, 2 * RowLength(large.Shape, small.Shape)); // what no window reaches stays zero
        for (int n = 0; n < f.Images; n++)
        {
            Product.Multiply<Store>(pixels, spread, from, f.Of(small, n), from, 1, kernel, spread, f.Scratch, spread);
            float* c = f.Of(large, n);
            for (int y = 0; y < large.Shape.Height; y++, c += large.RowStride)
            {
                if (isHalving)
                    AddHalves(f.Scratch, small.Shape, large.Shape, y, row, c);
                else
                    AddWindows(f.Scratch, small.Shape, large.Shape, y, row, c);
                if (bias != null)
                    Arrays.AddBias(c, c, large.Shape.Width, to, bias);
                if (relu)
                    Activations.Forward(Networks.Activation.Relu, c, width);
                if (gate is not null)
                    Activations.Backward(Networks.Activation.Relu, f.Of(gate, n) + (nint)y * gate.RowStride, c, width);
            }
        }
    }

    // A row of the large image: the products of every window that lies on it.
    private void AddWindows(float* products, Networks.Shape small, Networks.Shape large, int y, float* row, float* to)
    {
        int channels = large.Channels;
        Arrays.Clear(row, RowLength(large, small));
        for (int tap = 0; tap < Height; tap++)
        {
            float* source = Products(products, small, channels, y, tap);
            if (source != null)
                Arrays.AddSpans(source, Taps * channels, row, StrideX * channels, small.Width, Width * channels);
        }
        Arrays.Copy(row + Left * channels, to, large.Width * channels);
    }

    // The same where windows overlap by half, so that every second one tiles the row: two rows without overlaps, then their sum.
    private void AddHalves(float* products, Networks.Shape small, Networks.Shape large, int y, float* rows, float* to)
    {
        int channels = large.Channels,
            step = StrideX * channels;
        float* first = null,
            second = null;
        for (int tap = 0; tap < Height; tap++)
        {
            float* source = Products(products, small, channels, y, tap);
            if (source == null)
                continue;
            if (first == null)
                first = source;
            else
                second = source;
        }
        if (first == null)
        {
            Arrays.Clear(to, large.Width * channels);
            return;
        }
        float* odd = rows + RowLength(large, small); // its windows begin a step later
        int spread = Taps * channels;
        Join(first, second, 2 * spread, rows, (small.Width + 1) / 2, 2 * step);
        Join(first + spread, second == null ? null : second + spread, 2 * spread, odd + step, small.Width / 2, 2 * step);
        Arrays.Sum(rows + Left * channels, odd + Left * channels, to, large.Width * channels);
    }

    private static void Join(float* first, float* second, nint step, float* to, int count, int length) =>
        Map.Run(
            new JoinMap
            {
                First = first,
                Second = second,
                Step = step,
                To = to,
                Count = count,
                Length = length,
            },
            length
        );

    // to[i · Length + k] ← First[i · Step + k] + Second[i · Step + k]: spans that lie apart, side by side.
    private struct JoinMap : IMap
    {
        public float* First,
            Second, // null for none
            To;
        public nint Step;
        public int Count,
            Length;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            float* first = First + index,
                second = Second + index,
                to = To + index;
            if (Second == null)
                for (int left = Count; left > 0; left--, first += Step, to += Length)
                    *(V*)to = *(V*)first;
            else
                for (int left = Count; left > 0; left--, first += Step, second += Step, to += Length)
                    *(V*)to = T.Add(*(V*)first, *(V*)second);
        }
    }

    // The products of a row of the window that lie on row y of the large image; null where none do.
    private float* Products(float* products, Networks.Shape small, int channels, int y, int tap)
    {
        int place = y + Top - tap;
        return place < 0 || place % StrideY != 0 || place / StrideY >= small.Height
            ? null
            : products + (nint)(place / StrideY) * small.Width * Taps * channels + tap * Width * channels;
    }

    // All that the windows of one row of the small image reach, and the large image where it is wider.
    private int RowLength(Networks.Shape large, Networks.Shape small) =>
        checked(Math.Max((small.Width - 1) * StrideX + Width, Left + large.Width) * large.Channels);
}
