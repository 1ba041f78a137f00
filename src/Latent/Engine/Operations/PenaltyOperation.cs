using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>Lets all numbers pass and adds their penalty to each image's loss.</summary>
internal sealed unsafe class PenaltyOperation(Shape shape, float l1, float l2) : Operation(shape, shape)
{
    public override string Describe() => $"penalty L1 {l1}, L2 {l2}";

    public override void Forward(in Frame f)
    {
        for (int n = 0; n < f.Images; n++)
        for (int y = 0; y < InputShape.Height; y++)
        {
            float* from = Row(f, Input, n, y);
            Arrays.Copy(from, Row(f, Output, n, y), InputShape.Width * InputShape.Channels);
            f.Penalties[n] += Penalty.Of(from, null, l1, l2, InputShape.Width * InputShape.Channels);
        }
    }

    public override void Backward(in Frame f)
    {
        if (InputGradient is not { } gradient)
            return;
        for (int n = 0; n < f.Images; n++)
        for (int y = 0; y < InputShape.Height; y++)
        {
            float* to = Row(f, gradient, n, y);
            Arrays.Copy(Row(f, OutputGradient!, n, y), to, InputShape.Width * InputShape.Channels);
            Penalty.Of(Row(f, Input, n, y), to, l1 * f.PenaltyScale, l2 * f.PenaltyScale, InputShape.Width * InputShape.Channels);
        }
    }

    private static float* Row(in Frame f, Tensor tensor, int image, int y) => RunOf(f, tensor, image, 0) + (nint)y * tensor.RowStride;
}
