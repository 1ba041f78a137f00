using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>A convolution as products on the image as it lies. A dense layer on an image is one with a 1 × 1 window.</summary>
internal sealed unsafe class ConvolutionOperation(Shape input, Shape output, Patches patches, int kernel, int bias)
    : Operation(input, output)
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

    private int KernelLength => checked(patches.Taps * InputShape.Channels * OutputShape.Channels);

    public override string Describe() =>
        $"convolution {patches.Height}×{patches.Width}/{patches.StrideY}×{patches.StrideX}: product on {patches.Height} runs of {patches.Width * InputShape.Channels}";

    public override long MultiplyAdds => (long)KernelLength * OutputShape.Height * OutputShape.Width;

    public override Borders InputBorders => patches.BordersFor(InputShape, OutputShape);

    public override Borders OutputGradientBorders => _strided ? default : _back.BordersFor(OutputShape, InputShape);

    public override bool CanGate => true;

    public override (int Start, int Count) Starts => (kernel, KernelLength);

    protected override bool AppliesActivation => Activation.Kind is ActivationKind.Linear or ActivationKind.Relu;

    public override int ScratchLength(int images) => _strided ? patches.ScatterScratch(InputShape, OutputShape) : 0;

    public override int PackedLength(bool training) => checked(Biasless + (training ? KernelLength : 0));

    private int Biasless => ZerosFor(bias, OutputShape.Channels);

    public override int PackParts(bool training) => training ? patches.Taps : 0;

    public override void Pack(int part, float* weights, float* packed)
    {
        int from = InputShape.Channels,
            to = OutputShape.Channels;
        float* source = weights + kernel + part * from * to,
            target = packed + PackedStart + Biasless;
        if (_strided) // [out][taps · in]
            Arrays.Transpose(source, to, target + part * from, patches.Taps * from, from, to);
        else // [turned taps][out][in]
            Arrays.Transpose(source, to, target + (patches.Taps - 1 - part) * from * to, from, from, to);
    }

    public override void Forward(in Frame f)
    {
        float* aux = BiasOf(f, bias);
        if (Activation.Kind == ActivationKind.Relu)
            patches.Gather<BiasRelu>(f, Input, Output, f.Weights + kernel, aux);
        else
            patches.Gather<Bias>(f, Input, Output, f.Weights + kernel, aux);
    }

    public override void Backward(in Frame f)
    {
        AddBiasGradient(f, bias);
        patches.Outer(f, Input, OutputGradient!, f.Gradient + kernel, store: f.FirstGroup);
        if (InputGradient is not { } to)
            return;
        float* turned = f.Packed + PackedStart + Biasless;
        if (_strided)
            patches.Scatter(f, OutputGradient!, to, turned, null, relu: false, Gates ? Input : null);
        else if (Gates)
            _back.Gather<Masked>(f, OutputGradient!, to, turned, gate: Input);
        else
            _back.Gather<Store>(f, OutputGradient!, to, turned);
    }
}
