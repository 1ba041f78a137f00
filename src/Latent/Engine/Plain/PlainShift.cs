using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>y[n, oy, ox, c] = x[n, oy − top, ox − left, c], zero where that lies outside: padding, and with negative numbers cropping.</summary>
internal sealed class PlainShift<T>(Shape input, Shape output, int top, int left) : PlainStep<T>(input, output)
    where T : IFloatingPointIeee754<T>
{
    public override T[] Forward(T[] x, int count, T[][] weights)
    {
        var y = new T[count * Output.Size];
        for (int i = 0; i < y.Length; i++)
            if (Source(i) is int source)
                y[i] = x[source];
        return y;
    }

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients)
    {
        var dx = new T[x.Length];
        for (int i = 0; i < dy.Length; i++)
            if (Source(i) is int source)
                dx[source] += dy[i];
        return dx;
    }

    private int? Source(int i)
    {
        int c = i % Output.Channels;
        int ix = i / Output.Channels % Output.Width - left;
        int iy = i / (Output.Channels * Output.Width) % Output.Height - top;
        int n = i / Output.Size;
        return iy >= 0 && iy < Input.Height && ix >= 0 && ix < Input.Width
            ? ((n * Input.Height + iy) * Input.Width + ix) * Input.Channels + c
            : null;
    }
}
