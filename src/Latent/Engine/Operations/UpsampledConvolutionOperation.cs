using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>
/// An upsampling and a convolution without strides in one: the small image is multiplied by every tap of the kernel (one product per pixel
/// and tap instead of f² ones), then each output pixel adds up the products its window falls on.
/// </summary>
internal sealed unsafe partial class UpsampledConvolutionOperation(
    Shape input,
    Shape output,
    Size2 factor,
    Patches patches,
    int kernel,
    int bias,
    bool doubles
) : Operation(input, output)
{
    // For each output pixel of a row and each tap: where the sum it adds begins. Index 0 is a pixel of zeros, for taps outside the image.
    private readonly int[] _places = Places(input.Width, output, factor.Width, patches);

    private int From => InputShape.Channels;

    private int To => OutputShape.Channels;

    private int Spread => checked(patches.Taps * To);

    private int Pixels => InputShape.Height * InputShape.Width;

    // y[u] reads x[⌊(u + k − p) / f⌋], so the gradient of x[i] for tap k adds dy[i f + a + p − k], a = 0 … f − 1
    private Borders Reach =>
        new(
            patches.Height - 1 - patches.Top,
            InputShape.Height * factor.Height - 1 + patches.Top - (OutputShape.Height - 1),
            patches.Width - 1 - patches.Left,
            InputShape.Width * factor.Width - 1 + patches.Left - (OutputShape.Width - 1)
        );

    public override string Describe() =>
        $"upsampling {factor} and convolution {patches.Height}×{patches.Width}: {patches.Taps} products on the small image, then add";

    public override long MultiplyAdds => (long)Spread * From * Pixels;

    public override Borders OutputGradientBorders => Reach;

    public override bool CanGate => true;

    public override (int Start, int Count) Starts => (kernel, patches.Taps * From * To);

    protected override bool AppliesActivation => Activation.Kind is ActivationKind.Linear or ActivationKind.Relu;

    public override int ScratchLength(int images) =>
        checked(
            Pixels * Spread
            + 16
            + Math.Max((InputShape.Width + 1) * patches.Width * To, patches.Height * (OutputShape.Width + Reach.Left + Reach.Right) * To)
            + 64
        );

    public override int PackedLength(bool training) => checked(Biasless + (training ? Spread * From : 0));

    private int Biasless => ZerosFor(bias, To);

    public override int PackParts(bool training) => training ? patches.Taps : 0;

    public override void Pack(int part, float* weights, float* packed) => // [taps · out][in]
        Arrays.Transpose(weights + kernel + part * From * To, To, packed + PackedStart + Biasless + part * From * To, From, From, To);

    public override void Forward(in Frame f)
    {
        float* products = f.Scratch,
            sums = f.Scratch + Pixels * Spread + 16;
        float* biases = BiasOf(f, bias);
        Arrays.Clear(sums, patches.Width * To);
        for (int n = 0; n < f.Images; n++)
        {
            for (int tap = 0; tap < patches.Taps; tap++)
                Product.Multiply<Store>(
                    Pixels,
                    To,
                    From,
                    RunOf(f, Input, n, 0),
                    From,
                    1,
                    f.Weights + kernel + tap * From * To,
                    To,
                    products + tap * To,
                    Spread
                );
            for (int y = 0; y < OutputShape.Height; y++)
            {
                if (doubles)
                {
                    AddDoubled(products, sums, biases, RunOf(f, Output, n, y), y);
                    continue;
                }
                AddRows(products, sums + patches.Width * To, y);
                float* to = RunOf(f, Output, n, y);
                fixed (int* places = _places)
                    if (Activation.Kind == ActivationKind.Relu)
                        Map.Run(ColumnsMap<ReluKernel>(sums, biases, to, places), To);
                    else
                        Map.Run(ColumnsMap<LinearKernel>(sums, biases, to, places), To);
            }
        }
    }

    // sums[x][l][channel] = Σ over the kernel's rows of the products of the rows they fall on
    private void AddRows(float* products, float* sums, int y)
    {
        RowSums map = default;
        int height = InputShape.Height * factor.Height;
        for (int k = 0; k < patches.Height; k++)
        {
            int place = y + k - patches.Top;
            if ((uint)place >= (uint)height)
                continue;
            float* source = products + (nint)(place / factor.Height) * InputShape.Width * Spread + k * patches.Width * To;
            switch (map.Count++)
            {
                case 0:
                    map.A = source;
                    break;
                case 1:
                    map.B = source;
                    break;
                case 2:
                    map.C = source;
                    break;
                default:
                    AddRow(map, sums);
                    map = new()
                    {
                        A = source,
                        Count = 1,
                        Onto = true,
                    };
                    break;
            }
        }
        AddRow(map, sums);
    }

    private void AddRow(RowSums map, float* sums)
    {
        map.Spread = Spread;
        map.Width = patches.Width * To;
        map.Pixels = InputShape.Width;
        map.To = sums;
        Map.Run(map, map.Width);
    }

    private ColumnSums<TActivation> ColumnsMap<TActivation>(float* sums, float* biases, float* to, int* places)
        where TActivation : IActivation =>
        new()
        {
            Sums = sums,
            Bias = biases,
            To = to,
            Places = places,
            Channels = To,
            Taps = patches.Width,
            Pixels = OutputShape.Width,
        };

    private static int[] Places(int inputWidth, Shape output, int factor, Patches patches)
    {
        var places = new int[output.Width * patches.Width];
        for (int x = 0; x < output.Width; x++)
        for (int tap = 0; tap < patches.Width; tap++)
        {
            int place = x + tap - patches.Left;
            if ((uint)place < (uint)(inputWidth * factor))
                places[x * patches.Width + tap] = ((1 + place / factor) * patches.Width + tap) * output.Channels;
        }
        return places;
    }

    public override void Backward(in Frame f)
    {
        AddBiasGradient(f, bias);
        float* gathered = f.Scratch,
            rows = f.Scratch + Pixels * Spread + 16;
        for (int n = 0; n < f.Images; n++)
        {
            if (doubles)
                GatherDoubled(f, n, gathered);
            else
                Gather(f, n, gathered, rows);
            if (f.FirstGroup && n == 0)
                OfKernel<Store>(f, n, gathered);
            else
                OfKernel<AddTo>(f, n, gathered);
            if (InputGradient is null)
                continue;
            if (Gates)
                OfInput<Masked>(f, n, gathered);
            else
                OfInput<Store>(f, n, gathered);
        }
    }

    private void OfKernel<TEpilogue>(in Frame f, int n, float* gathered)
        where TEpilogue : IEpilogue
    {
        for (int tap = 0; tap < patches.Taps; tap++)
            Product.Multiply<TEpilogue>(
                From,
                To,
                Pixels,
                RunOf(f, Input, n, 0),
                1,
                From,
                gathered + tap * To,
                Spread,
                f.Gradient + kernel + tap * From * To,
                To
            );
    }

    private void OfInput<TEpilogue>(in Frame f, int n, float* gathered)
        where TEpilogue : IEpilogue
    {
        var to = InputGradient!;
        int runs = Math.Max(to.Runs, Input.Runs);
        for (int run = 0; run < runs; run++)
            Product.Multiply<TEpilogue>(
                Pixels / runs,
                From,
                Spread,
                gathered + (nint)run * InputShape.Width * Spread,
                Spread,
                1,
                f.Packed + PackedStart + Biasless,
                From,
                RunOf(f, to, n, run),
                From,
                RunOf(f, Input, n, run),
                From
            );
    }

    // gathered[i, j][k][l][channel] = Σ over a, b of dy[i f + a + p − k, j f + b + p − l], rows first, then columns
    private void Gather(in Frame f, int n, float* gathered, float* rows)
    {
        var g = OutputGradient!;
        var reach = Reach;
        int rowLength = (OutputShape.Width + reach.Left + reach.Right) * To;
        for (int i = 0; i < InputShape.Height; i++)
        {
            for (int k = 0; k < patches.Height; k++)
                Map.Run(
                    new FactorRows
                    {
                        Source = RunOf(f, g, n, i * factor.Height + patches.Top - k) - reach.Left * To,
                        RowStride = g.RowStride,
                        Rows = factor.Height,
                        To = rows + k * rowLength,
                    },
                    rowLength
                );
            Map.Run(
                new FactorColumns
                {
                    Source = rows + reach.Left * To + patches.Left * To,
                    SourceRow = rowLength,
                    To = gathered + (nint)i * InputShape.Width * Spread,
                    Channels = To,
                    Pixels = InputShape.Width,
                    Factor = factor.Width,
                    TapRows = patches.Height,
                    TapColumns = patches.Width,
                },
                To
            );
        }
    }
}
