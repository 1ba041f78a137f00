using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>A dense layer on vectors: one product with the images as rows.</summary>
internal sealed unsafe class DenseOperation(Shape input, Shape output, int kernel, int bias) : Operation(input, output)
{
    private const int RowsPerPart = 64;

    private int From => InputShape.Size;

    private int To => OutputShape.Size;

    public override string Describe() => $"dense {From} × {To}: one product";

    public override long MultiplyAdds => (long)From * To;

    public override bool CanGate => true;

    public override bool WantsManyImages => true;

    public override (int Start, int Count) Starts => (kernel, From * To);

    protected override bool AppliesActivation => Activation.Kind is ActivationKind.Linear or ActivationKind.Relu;

    private int Biasless => ZerosFor(bias, To);

    public override int PackedLength(bool training) => checked(Biasless + (training ? From * To : 0));

    public override int PackParts(bool training) => training ? (To + RowsPerPart - 1) / RowsPerPart : 0;

    public override void Pack(int part, float* weights, float* packed)
    {
        int first = part * RowsPerPart;
        Arrays.Transpose(
            weights + kernel + first,
            To,
            packed + PackedStart + Biasless + (nint)first * From,
            From,
            From,
            Math.Min(RowsPerPart, To - first)
        );
    }

    public override void Forward(in Frame f)
    {
        if (Activation.Kind == ActivationKind.Relu)
            Forward<BiasRelu>(f);
        else
            Forward<Bias>(f);
    }

    private void Forward<TEpilogue>(in Frame f)
        where TEpilogue : IEpilogue =>
        Product.Multiply<TEpilogue>(
            f.Images,
            To,
            From,
            f.Of(Input, 0),
            Input.ImageStride,
            1,
            f.Weights + kernel,
            To,
            f.Of(Output, 0),
            Output.ImageStride,
            BiasOf(f, bias)
        );

    public override void Backward(in Frame f)
    {
        var g = OutputGradient!;
        if (bias >= 0)
            Sums.AddPixels(f.Of(g, 0), f.Images, g.ImageStride, 1, To, f.Gradient + bias);
        float* gradient = f.Of(g, 0);
        if (f.FirstGroup)
            OfKernel<Store>(f, gradient);
        else
            OfKernel<AddTo>(f, gradient);
        if (InputGradient is null)
            return;
        if (Gates)
            OfInput<Masked>(f, gradient);
        else
            OfInput<Store>(f, gradient);
    }

    private void OfKernel<TEpilogue>(in Frame f, float* gradient)
        where TEpilogue : IEpilogue =>
        Product.Multiply<TEpilogue>(
            From,
            To,
            f.Images,
            f.Of(Input, 0),
            1,
            Input.ImageStride,
            gradient,
            OutputGradient!.ImageStride,
            f.Gradient + kernel,
            To
        );

    private void OfInput<TEpilogue>(in Frame f, float* gradient)
        where TEpilogue : IEpilogue =>
        Product.Multiply<TEpilogue>(
            f.Images,
            From,
            To,
            gradient,
            OutputGradient!.ImageStride,
            1,
            f.Packed + PackedStart + Biasless,
            From,
            f.Of(InputGradient!, 0),
            InputGradient!.ImageStride,
            f.Of(Input, 0),
            Input.ImageStride
        );
}
