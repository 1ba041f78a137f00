using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>x · scale + offset.</summary>
internal sealed unsafe class RescalingOperation(Shape shape, float scale, float offset) : Operation(shape, shape)
{
    public override string Describe() => $"· {scale} + {offset}";

    public override void Forward(in Frame f) => Run(f, Input, Output, offset);

    public override void Backward(in Frame f)
    {
        if (InputGradient is { } to)
            Run(f, OutputGradient!, to, 0);
    }

    private void Run(in Frame f, Tensor from, Tensor to, float plus)
    {
        for (int n = 0; n < f.Images; n++)
        for (int y = 0; y < InputShape.Height; y++)
            Map.Run(
                new AffineMap
                {
                    From = RunOf(f, from, n, 0) + (nint)y * from.RowStride,
                    To = RunOf(f, to, n, 0) + (nint)y * to.RowStride,
                    Scale = scale,
                    Offset = plus,
                },
                InputShape.Width * InputShape.Channels
            );
    }

    private struct AffineMap : IMap
    {
        public float* From,
            To;
        public float Scale,
            Offset;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged => *(V*)(To + index) = T.MultiplyAdd(*(V*)(From + index), T.Broadcast(Scale), T.Broadcast(Offset));
    }
}
