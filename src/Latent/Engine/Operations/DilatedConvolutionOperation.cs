using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>
/// A convolution whose window has gaps: each tap of the kernel is a product of its own, of the image shifted to it with the tap's matrix.
/// </summary>
internal sealed unsafe class DilatedConvolutionOperation(Shape input, Shape output, Conv2D layer, int kernel, int bias)
    : Operation(input, output)
{
    private readonly Patches _window = new(
        layer.Reach.Height,
        layer.Reach.Width,
        1,
        1,
        Networks.Window.Of(input.Height, layer.Reach.Height, 1, layer.Padding).Before,
        Networks.Window.Of(input.Width, layer.Reach.Width, 1, layer.Padding).Before
    );

    private int TapLength => InputShape.Channels * OutputShape.Channels;

    private int Taps => layer.Kernel.Height * layer.Kernel.Width;

    private int Biasless => ZerosFor(bias, OutputShape.Channels);

    public override string Describe() =>
        $"convolution {layer.Kernel.Height}×{layer.Kernel.Width}, dilated {layer.Dilation}: a product for each of {Taps} taps";

    public override long MultiplyAdds => (long)Taps * TapLength * OutputShape.Height * OutputShape.Width;

    public override Borders InputBorders => _window.BordersFor(InputShape, OutputShape);

    public override Borders OutputGradientBorders => Turned.BordersFor(OutputShape, InputShape);

    // The gradient to the input is the convolution with the window turned round.
    private Patches Turned => new(_window.Height, _window.Width, 1, 1, _window.Height - 1 - _window.Top, _window.Width - 1 - _window.Left);

    public override int PackedLength(bool training) => Biasless + (training ? Taps * TapLength : 0);

    public override int PackParts(bool training) => training ? Taps : 0;

    public override void Pack(int part, float* weights, float* packed) =>
        Arrays.Transpose(
            weights + kernel + part * TapLength,
            OutputShape.Channels,
            packed + PackedStart + Biasless + part * TapLength,
            InputShape.Channels,
            InputShape.Channels,
            OutputShape.Channels
        );

    public override void Forward(in Frame f)
    {
        Gather(f, Input, Output, _window, f.Weights + kernel, turned: false);
        float* aux = BiasOf(f, bias);
        for (int n = 0; n < f.Images; n++)
        for (int run = 0; run < Output.Runs; run++)
        {
            float* y = RunOf(f, Output, n, run);
            Arrays.AddBias(y, y, Output.RunLength / OutputShape.Channels, OutputShape.Channels, aux);
        }
    }

    public override void Backward(in Frame f)
    {
        AddBiasGradient(f, bias);
        for (int n = 0; n < f.Images; n++)
        for (int tap = 0; tap < Taps; tap++)
            Product.Run<AddTo>(
                new Product
                {
                    Rows = InputShape.Channels,
                    Columns = OutputShape.Channels,
                    Runs = 1,
                    Blocks = 1,
                    Segments = OutputShape.Height,
                    Depth = OutputShape.Width,
                    A = At(f, Input, n, _window, tap, turned: false),
                    ARow = 1,
                    ADepth = InputShape.Channels,
                    ASegment = Input.RowStride,
                    B = RunOf(f, OutputGradient!, n, 0),
                    BDepth = OutputShape.Channels,
                    BSegment = OutputGradient!.RowStride,
                    C = f.Gradient + kernel + tap * TapLength,
                    CRow = OutputShape.Channels,
                }
            );
        if (InputGradient is { } to)
            Gather(f, OutputGradient!, to, Turned, f.Packed + PackedStart + Biasless, turned: true);
    }

    private void Gather(in Frame f, Tensor from, Tensor to, in Patches window, float* taps, bool turned)
    {
        int depth = from.Shape.Channels,
            columns = to.Shape.Channels;
        for (int n = 0; n < f.Images; n++)
        for (int tap = 0; tap < Taps; tap++)
        for (int y = 0; y < to.Shape.Height; y++)
        {
            float* a = At(f, from, n, window, tap, turned) + (nint)y * from.RowStride,
                b = taps + tap * TapLength,
                c = RunOf(f, to, n, 0) + (nint)y * to.RowStride;
            if (tap == 0)
                Product.Multiply<Store>(to.Shape.Width, columns, depth, a, depth, 1, b, columns, c, columns);
            else
                Product.Multiply<AddTo>(to.Shape.Width, columns, depth, a, depth, 1, b, columns, c, columns);
        }
    }

    // Where a tap of the first window lies; the border is in memory.
    private float* At(in Frame f, Tensor tensor, int image, in Patches window, int tap, bool turned)
    {
        int row = tap / layer.Kernel.Width * layer.Dilation.Height,
            column = tap % layer.Kernel.Width * layer.Dilation.Width;
        if (turned)
            (row, column) = (window.Height - 1 - row, window.Width - 1 - column);
        return RunOf(f, tensor, image, 0)
            + (nint)(row - window.Top) * tensor.RowStride
            + (nint)(column - window.Left) * tensor.Shape.Channels;
    }
}
