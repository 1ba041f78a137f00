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
            f.Arena + Input.Start,
            Input.ImageStride,
            1,
            f.Weights + kernel,
            To,
            f.Arena + Output.Start,
            Output.ImageStride,
            BiasOf(f, bias)
        );

    public override void Backward(in Frame f)
    {
        var g = OutputGradient!;
        if (bias >= 0)
            Sums.AddPixels(f.Arena + g.Start, f.Images, g.ImageStride, 1, To, f.Gradient + bias);
        float* gradient = f.Arena + g.Start;
        Product.Multiply<AddTo>(
            From,
            To,
            f.Images,
            f.Arena + Input.Start,
            1,
            Input.ImageStride,
            gradient,
            g.ImageStride,
            f.Gradient + kernel,
            To
        );
        if (InputGradient is not { } to)
            return;
        float* turned = f.Packed + PackedStart + Biasless;
        Product.Multiply<Store>(f.Images, From, To, gradient, g.ImageStride, 1, turned, From, f.Arena + to.Start, to.ImageStride);
    }
}
