using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>x where x &gt; 0, else alpha · x.</summary>
internal sealed class PlainPRelu<T>(Shape shape, bool sharePixels) : PlainStep<T>(shape, shape)
    where T : IFloatingPointIeee754<T>
{
    public override T[] Forward(T[] x, int count, T[][] weights)
    {
        var y = new T[x.Length];
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] > T.Zero ? x[i] : x[i] * weights[0][Alpha(i)];
        return y;
    }

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients)
    {
        var dx = new T[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            dx[i] = x[i] > T.Zero ? dy[i] : dy[i] * weights[0][Alpha(i)];
            if (x[i] <= T.Zero)
                gradients[0][Alpha(i)] += dy[i] * x[i];
        }
        return dx;
    }

    public override T KinkDistance(T[] x, int count)
    {
        var distance = T.PositiveInfinity;
        foreach (var value in x)
            if (value != T.Zero) // an exact 0 was not summed, in any order
                distance = T.Min(distance, T.Abs(value));
        return distance;
    }

    private int Alpha(int i) => sharePixels ? i % Input.Channels : i % Input.Size;
}
