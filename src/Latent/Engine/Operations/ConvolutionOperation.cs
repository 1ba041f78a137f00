using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>A convolution as products on the image as it lies. A dense layer on an image is one with a 1 × 1 window.</summary>
/// <param name="input">The shape of its input.</param>
/// <param name="output">The shape of its output.</param>
/// <param name="patches">The window.</param>
/// <param name="kernel">Where its weights lie.</param>
/// <param name="bias">Likewise; below 0 for none.</param>
/// <param name="pairs">Whether pixels of the output are taken in pairs.</param>
/// <param name="backPairs">Whether those of the gradient of the input are; there must be no strides.</param>
internal sealed unsafe class ConvolutionOperation(
    Shape input,
    Shape output,
    Patches patches,
    int kernel,
    int bias,
    bool pairs = false,
    bool backPairs = false
) : Operation(input, output)
{
    private readonly bool _strided = patches.StrideY > 1 || patches.StrideX > 1;

    // The gradient to the input of a convolution without strides is a convolution with the kernel turned round and transposed.
    private readonly Patches _back = new(
        patches.Height,
        patches.Width,
        1,
        1,
        patches.Height - 1 - patches.Top,
        patches.Width - 1 - patches.Left
    );

    private readonly PixelPairs? _pairs = pairs ? new(patches, input, output) : null;

    private PixelPairs? BackPairs => backPairs ? new(_back, OutputShape, InputShape) : null;

    private int KernelLength => checked(patches.Taps * InputShape.Channels * OutputShape.Channels);

    public override string Describe() =>
        $"convolution {patches.Height}×{patches.Width}/{patches.StrideY}×{patches.StrideX}: product on {patches.Height} runs of {patches.Width * InputShape.Channels}"
        + (_pairs is null ? "" : ", pixels in pairs");

    public override long MultiplyAdds => (long)KernelLength * OutputShape.Height * OutputShape.Width;

    public override Borders InputBorders => patches.BordersFor(InputShape, OutputShape);

    public override Borders OutputGradientBorders => _strided ? default : _back.BordersFor(OutputShape, InputShape);

    public override bool CanGate => true;

    public override (int Start, int Count) Starts => (kernel, KernelLength);

    protected override bool AppliesActivation => Activation.Kind is ActivationKind.Linear or ActivationKind.Relu;

    public override int ScratchLength(int images) => _strided ? patches.ScatterScratch(InputShape, OutputShape) : 0;

    public override int ExtraLength => _pairs?.KernelLength ?? 0;

    // The zeros for no bias, the kernel for pairs, the turned kernel, and that for pairs.
    public override int PackedLength(bool training) =>
        checked(TurnedStart + (training ? (KernelLength + 31) / 16 * 16 + (BackPairs?.KernelLength ?? 0) : 0));

    private int PairsStart => ZerosFor(bias, OutputShape.Channels);

    private int TurnedStart => checked(PairsStart + (_pairs?.KernelLength ?? 0));

    private int TurnedPairsStart => TurnedStart + (KernelLength + 31) / 16 * 16;

    private bool IsPaired => _pairs is not null || BackPairs is not null;

    public override int PackParts(bool training) =>
        IsPaired ? 1
        : training ? patches.Taps
        : 0;

    public override void Pack(int part, float* weights, float* packed)
    {
        packed += PackedStart;
        _pairs?.Pack(weights + kernel, packed + PairsStart);
        if (OutputGradient is null)
            return;
        if (!IsPaired)
            Turn(part, weights + kernel, packed + TurnedStart);
        else
            for (int tap = 0; tap < patches.Taps; tap++)
                Turn(tap, weights + kernel, packed + TurnedStart);
        BackPairs?.Pack(packed + TurnedStart, packed + TurnedPairsStart);
    }

    private void Turn(int tap, float* weights, float* turned)
    {
        int from = InputShape.Channels,
            to = OutputShape.Channels;
        if (_strided) // [out][taps · in]
            Arrays.Transpose(weights + tap * from * to, to, turned + tap * from, patches.Taps * from, from, to);
        else // [turned taps][out][in]
            Arrays.Transpose(weights + tap * from * to, to, turned + (patches.Taps - 1 - tap) * from * to, from, from, to);
    }

    public override void Forward(in Frame f)
    {
        float* aux = BiasOf(f, bias);
        if (Activation.Kind == ActivationKind.Relu)
            Gather<BiasRelu>(f, aux);
        else
            Gather<Bias>(f, aux);
    }

    private void Gather<TEpilogue>(in Frame f, float* aux)
        where TEpilogue : IEpilogue
    {
        if (_pairs is { } forward)
            forward.Gather<TEpilogue>(f, Input, Output, f.Weights + kernel, f.Packed + PackedStart + PairsStart, aux);
        else
            patches.Gather<TEpilogue>(f, Input, Output, f.Weights + kernel, aux);
    }

    public override void Backward(in Frame f)
    {
        AddBiasGradient(f, bias);
        if (_pairs is { } forward)
            forward.Outer(f, Input, OutputGradient!, f.Extra + ExtraStart);
        else
            patches.Outer(f, Input, OutputGradient!, f.Gradient + kernel, store: f.FirstGroup);
        if (InputGradient is not { } to)
            return;
        if (_strided)
            patches.Scatter(f, OutputGradient!, to, f.Packed + PackedStart + TurnedStart, null, relu: false, Gates ? Input : null);
        else if (Gates)
            GatherBack<Masked>(f, Input);
        else
            GatherBack<Store>(f, null);
    }

    private void GatherBack<TEpilogue>(in Frame f, Tensor? gate)
        where TEpilogue : IEpilogue
    {
        float* turned = f.Packed + PackedStart + TurnedStart,
            turnedPairs = f.Packed + PackedStart + TurnedPairsStart;
        if (BackPairs is { } back)
            back.Gather<TEpilogue>(f, OutputGradient!, InputGradient!, turned, turnedPairs, gate: gate);
        else
            _back.Gather<TEpilogue>(f, OutputGradient!, InputGradient!, turned, gate: gate);
    }

    public override void FinishChunk(in Frame f) => _pairs?.Finish(f.Extra + ExtraStart, f.Gradient + kernel);
}
