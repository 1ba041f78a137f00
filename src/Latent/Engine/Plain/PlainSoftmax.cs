using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>The softmax over the channels of each pixel.</summary>
internal sealed class PlainSoftmax<T>(Shape shape) : PlainStep<T>(shape, shape)
    where T : IFloatingPointIeee754<T>
{
    public override T[] Forward(T[] x, int count, T[][] weights)
    {
        int channels = Input.Channels;
        var y = new T[x.Length];
        for (int first = 0; first < x.Length; first += channels)
        {
            var most = x[first..(first + channels)].Max()!;
            var sum = T.Zero;
            for (int c = 0; c < channels; c++)
                sum += T.Exp(x[first + c] - most);
            for (int c = 0; c < channels; c++)
                y[first + c] = T.Exp(x[first + c] - most) / sum;
        }
        return y;
    }

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients)
    {
        // dyᵢ/dxⱼ = yᵢ (δᵢⱼ − yⱼ)
        int channels = Input.Channels;
        var y = Forward(x, count, weights);
        var dx = new T[x.Length];
        for (int first = 0; first < x.Length; first += channels)
        for (int j = 0; j < channels; j++)
        for (int i = 0; i < channels; i++)
            dx[first + j] += dy[first + i] * y[first + i] * ((i == j ? T.One : T.Zero) - y[first + j]);
        return dx;
    }
}
