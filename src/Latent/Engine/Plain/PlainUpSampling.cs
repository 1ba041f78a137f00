using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>y[n, oy, ox, c] = x[n, oy / factor, ox / factor, c], with whole division.</summary>
internal sealed class PlainUpSampling<T>(Shape input, Shape output, Size2 factor) : PlainStep<T>(input, output)
    where T : IFloatingPointIeee754<T>
{
    public override T[] Forward(T[] x, int count, T[][] weights)
    {
        var y = new T[count * Output.Size];
        for (int i = 0; i < y.Length; i++)
            y[i] = x[Source(i)];
        return y;
    }

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients)
    {
        var dx = new T[x.Length];
        for (int i = 0; i < dy.Length; i++)
            dx[Source(i)] += dy[i];
        return dx;
    }

    /// <summary>The index of the input number that output number <paramref name="i"/> repeats.</summary>
    private int Source(int i)
    {
        int c = i % Output.Channels;
        int ox = i / Output.Channels % Output.Width;
        int oy = i / (Output.Channels * Output.Width) % Output.Height;
        int n = i / Output.Size;
        return ((n * Input.Height + oy / factor.Height) * Input.Width + ox / factor.Width) * Input.Channels + c;
    }
}
