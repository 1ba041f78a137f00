using System.Runtime.Intrinsics;
using Latent.Engine.Kernels;

namespace Latent.Engine.Operations;

/// <summary>
/// A window whose small image has 8 channels, half of what a register of 512 bits holds. Two neighbouring pixels fill it: they are the columns of
/// a product with a kernel for both, which is one stride longer and zero where a pixel's own window does not reach. That is 4 multiply-adds
/// instead of 3 for a 3 × 3 window, at twice the speed.
/// </summary>
/// <remarks>
/// A zero changes no sum, and gradients of the kernel are summed over even and over odd pixels apart at every width of the registers, so that all
/// give the same bits.
/// </remarks>
internal readonly unsafe struct PixelPairs(Patches patches, Networks.Shape large, Networks.Shape small)
{
    /// <summary>The channels that a pixel must have.</summary>
    public const int Channels = 8;

    private static bool FillRegisters => Vector512.IsHardwareAccelerated;

    private int Length => patches.Width * large.Channels; // of a row of the window

    private int PairLength => (patches.Width + patches.StrideX) * large.Channels;

    /// <summary>Floats of the kernel for pairs, and of the sums of its gradient.</summary>
    public int KernelLength => checked(patches.Height * PairLength * 2 * Channels + 16);

    /// <summary>Makes the kernel for pairs of [rows, columns · large channels][8].</summary>
    public void Pack(float* kernel, float* to)
    {
        if (!FillRegisters)
            return;
        int second = patches.StrideX * large.Channels;
        Arrays.Clear(to, KernelLength);
        for (int row = 0; row < patches.Height; row++)
        for (int i = 0; i < Length; i++)
        {
            float* from = kernel + (row * Length + i) * Channels,
                pair = to + (row * PairLength + i) * 2 * Channels;
            Arrays.Copy(from, pair, Channels);
            Arrays.Copy(from, pair + second * 2 * Channels + Channels, Channels);
        }
    }

    /// <summary>As <see cref="Patches.Gather"/>, with both kernels.</summary>
    public void Gather<TEpilogue>(in Frame f, Tensor from, Tensor to, float* kernel, float* pairs, float* aux = null, Tensor? gate = null)
        where TEpilogue : IEpilogue
    {
        if (!FillRegisters)
        {
            patches.Gather<TEpilogue>(f, from, to, kernel, aux, gate);
            return;
        }
        float* twice = stackalloc float[2 * Channels];
        if (aux != null)
            for (int i = 0; i < 2 * Channels; i++)
                twice[i] = aux[i % Channels];
        for (int n = 0; n < f.Images; n++)
            Product.Run<TEpilogue>(
                new Product
                {
                    Rows = small.Width / 2,
                    Columns = 2 * Channels,
                    Runs = small.Height,
                    Blocks = 1,
                    Segments = patches.Height,
                    Depth = PairLength,
                    A = f.Of(from, n) - (nint)patches.Top * from.RowStride - patches.Left * large.Channels,
                    ARow = 2 * patches.StrideX * large.Channels,
                    ARun = (nint)patches.StrideY * from.RowStride,
                    ADepth = 1,
                    ASegment = from.RowStride,
                    B = pairs,
                    BDepth = 2 * Channels,
                    BSegment = PairLength * 2 * Channels,
                    C = f.Of(to, n),
                    CRow = 2 * Channels,
                    CRun = to.RowStride,
                    Aux = gate is null ? twice : f.Of(gate, n),
                    AuxRow = gate is null ? 0 : 2 * Channels,
                    AuxRun = gate is null ? 0 : gate.RowStride,
                }
            );
    }

    /// <summary>As <see cref="Patches.Outer"/>, but the sums are left for <see cref="Finish"/>.</summary>
    public void Outer(in Frame f, Tensor from, Tensor to, float* sums)
    {
        for (int n = 0; n < f.Images; n++)
        for (int row = 0; row < patches.Height; row++)
            if (FillRegisters)
                Outer(f, from, to, n, row, 0, PairLength, 2 * Channels, sums + row * PairLength * 2 * Channels);
            else
                for (int odd = 0; odd < 2; odd++)
                    Outer(f, from, to, n, row, odd, Length, Channels, sums + (odd * patches.Height + row) * Length * Channels);
    }

    private void Outer(in Frame f, Tensor from, Tensor to, int n, int row, int first, int rows, int columns, float* sums)
    {
        var product = new Product
        {
            Rows = rows,
            Columns = columns,
            Runs = 1,
            Blocks = 1,
            Segments = small.Height,
            Depth = small.Width / 2,
            A = f.Of(from, n) + (nint)(row - patches.Top) * from.RowStride + (first * patches.StrideX - patches.Left) * large.Channels,
            ARow = 1,
            ADepth = 2 * patches.StrideX * large.Channels,
            ASegment = (nint)patches.StrideY * from.RowStride,
            B = f.Of(to, n) + first * Channels,
            BDepth = 2 * Channels,
            BSegment = to.RowStride,
            C = sums,
            CRow = columns,
        };
        if (f.FirstGroup && n == 0)
            Product.Run<Store>(product);
        else
            Product.Run<AddTo>(product);
    }

    /// <summary>The sums over even and odd pixels become the gradient of the kernel.</summary>
    public void Finish(float* sums, float* gradient)
    {
        int step = FillRegisters ? 2 * Channels : Channels,
            odd = FillRegisters ? patches.StrideX * large.Channels * 2 * Channels + Channels : patches.Height * Length * Channels;
        for (int row = 0; row < patches.Height; row++)
        {
            float* even = sums + row * (FillRegisters ? PairLength : Length) * step;
            for (int i = 0; i < Length; i++, even += step, gradient += Channels)
            for (int c = 0; c < Channels; c++)
                gradient[c] = even[c] + even[odd + c];
        }
    }
}
