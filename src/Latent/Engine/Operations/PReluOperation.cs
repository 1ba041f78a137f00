using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>x where x &gt; 0, else alpha · x, with an alpha for each number or for each channel.</summary>
internal sealed unsafe class PReluOperation(Shape shape, int alpha, bool perChannel) : Operation(shape, shape)
{
    // The whole numbers, or one pixel's, that the alphas belong to.
    private readonly int _length = perChannel ? shape.Channels : shape.Width * shape.Channels;

    public override string Describe() => $"a learned slope for each {(perChannel ? "channel" : "number")}";

    public override void Forward(in Frame f)
    {
        for (int n = 0; n < f.Images; n++)
        for (int y = 0; y < InputShape.Height; y++)
        for (int i = 0; i < InputShape.Width * InputShape.Channels; i += _length)
            Map.Run(
                new ForwardMap
                {
                    X = RunOf(f, Input, n, 0) + (nint)y * Input.RowStride + i,
                    Alpha = Alphas(f.Weights, y),
                    Y = RunOf(f, Output, n, 0) + (nint)y * Output.RowStride + i,
                },
                _length
            );
    }

    public override void Backward(in Frame f)
    {
        for (int n = 0; n < f.Images; n++)
        for (int y = 0; y < InputShape.Height; y++)
        for (int i = 0; i < InputShape.Width * InputShape.Channels; i += _length)
            Map.Run(
                new BackwardMap
                {
                    X = RunOf(f, Input, n, 0) + (nint)y * Input.RowStride + i,
                    Alpha = Alphas(f.Weights, y),
                    G = RunOf(f, OutputGradient!, n, 0) + (nint)y * OutputGradient!.RowStride + i,
                    AlphaGradient = Alphas(f.Gradient, y),
                    To = InputGradient is { } to ? RunOf(f, to, n, 0) + (nint)y * to.RowStride + i : null,
                },
                _length
            );
    }

    private float* Alphas(float* all, int row) => all + alpha + (perChannel ? 0 : row * _length);

    private struct ForwardMap : IMap
    {
        public float* X,
            Alpha,
            Y;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V x = *(V*)(X + index);
            *(V*)(Y + index) = T.WherePositive(x, x, T.Multiply(x, *(V*)(Alpha + index)));
        }
    }

    private struct BackwardMap : IMap
    {
        public float* X,
            Alpha,
            G,
            AlphaGradient,
            To;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V x = *(V*)(X + index),
                g = *(V*)(G + index);
            var sum = (V*)(AlphaGradient + index);
            *sum = T.WherePositive(x, *sum, T.MultiplyAdd(g, x, *sum));
            if (To != null)
                *(V*)(To + index) = T.WherePositive(x, g, T.Multiply(g, *(V*)(Alpha + index)));
        }
    }
}
