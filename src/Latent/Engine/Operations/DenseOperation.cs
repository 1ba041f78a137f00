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

    private int Biasless => bias < 0 ? (To + 15) / 16 * 16 : 0;

    public override int PackedLength(bool training) => Biasless + (training ? From * To : 0);

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
        var product = new Product
        {
            Rows = f.Images,
            Columns = To,
            Segments = 1,
            Depth = From,
            A = f.Arena + Input.Start,
            ARow = Input.ImageStride,
            ADepth = 1,
            B = f.Weights + kernel,
            BDepth = To,
            C = f.Arena + Output.Start,
            CRow = Output.ImageStride,
            Aux = bias < 0 ? f.Packed + PackedStart : f.Weights + bias,
        };
        if (Activation.Kind == ActivationKind.Relu)
            Product.Run<BiasRelu>(product);
        else
            Product.Run<Bias>(product);
    }

    public override void Backward(in Frame f)
    {
        var g = OutputGradient!;
        if (bias >= 0)
            Sums.AddPixels(f.Arena + g.Start, f.Images, g.ImageStride, 1, To, f.Gradient + bias);
        Product.Run<AddTo>(
            new Product
            {
                Rows = From,
                Columns = To,
                Segments = 1,
                Depth = f.Images,
                A = f.Arena + Input.Start,
                ARow = 1,
                ADepth = Input.ImageStride,
                B = f.Arena + g.Start,
                BDepth = g.ImageStride,
                C = f.Gradient + kernel,
                CRow = To,
            }
        );
        if (InputGradient is { } to)
            Product.Run<Store>(
                new Product
                {
                    Rows = f.Images,
                    Columns = From,
                    Segments = 1,
                    Depth = To,
                    A = f.Arena + g.Start,
                    ARow = g.ImageStride,
                    ADepth = 1,
                    B = f.Packed + PackedStart + Biasless,
                    BDepth = From,
                    C = f.Arena + to.Start,
                    CRow = to.ImageStride,
                }
            );
    }
}
