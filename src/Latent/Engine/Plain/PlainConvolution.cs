using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>
/// y[n, oy, ox, co] = bias[co] + Σ over ky, kx, ci of x[n, oy·s + ky·d − top, ox·s + kx·d − left, ci] · kernel[ky, kx, ci, co]; what lies outside
/// the image is zero.
/// </summary>
internal sealed class PlainConvolution<T>(Shape input, Shape output, Size2 kernel, Size2 stride, Size2 dilation, Padding padding, bool bias)
    : PlainStep<T>(input, output)
    where T : IFloatingPointIeee754<T>
{
    private readonly int _top = Window.Of(input.Height, (kernel.Height - 1) * dilation.Height + 1, stride.Height, padding).Before;
    private readonly int _left = Window.Of(input.Width, (kernel.Width - 1) * dilation.Width + 1, stride.Width, padding).Before;

    public override T[] Forward(T[] x, int count, T[][] weights)
    {
        int outputs = Output.Channels;
        var w = weights[0];
        var y = new T[count * Output.Size];
        foreach (var (from, to, tap) in Taps(count))
            for (int ci = 0; ci < Input.Channels; ci++)
            for (int co = 0; co < outputs; co++)
                y[to + co] += x[from + ci] * w[(tap * Input.Channels + ci) * outputs + co];
        if (bias)
            for (int i = 0; i < y.Length; i++)
                y[i] += weights[1][i % outputs];
        return y;
    }

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients)
    {
        int outputs = Output.Channels;
        T[] w = weights[0],
            dw = gradients[0];
        var dx = new T[x.Length];
        foreach (var (from, to, tap) in Taps(count))
            for (int ci = 0; ci < Input.Channels; ci++)
            for (int co = 0; co < outputs; co++)
            {
                int i = (tap * Input.Channels + ci) * outputs + co;
                dx[from + ci] += dy[to + co] * w[i];
                dw[i] += x[from + ci] * dy[to + co];
            }
        if (bias)
            for (int i = 0; i < dy.Length; i++)
                gradients[1][i % outputs] += dy[i];
        return dx;
    }

    /// <summary>Every pair of an input pixel and an output pixel that a kernel's tap connects, by the index of their first channel.</summary>
    private IEnumerable<(int From, int To, int Tap)> Taps(int count)
    {
        for (int n = 0; n < count; n++)
        for (int oy = 0; oy < Output.Height; oy++)
        for (int ox = 0; ox < Output.Width; ox++)
        for (int ky = 0; ky < kernel.Height; ky++)
        for (int kx = 0; kx < kernel.Width; kx++)
        {
            int iy = oy * stride.Height + ky * dilation.Height - _top;
            int ix = ox * stride.Width + kx * dilation.Width - _left;
            if (iy >= 0 && iy < Input.Height && ix >= 0 && ix < Input.Width)
                yield return (
                    ((n * Input.Height + iy) * Input.Width + ix) * Input.Channels,
                    ((n * Output.Height + oy) * Output.Width + ox) * Output.Channels,
                    ky * kernel.Width + kx
                );
        }
    }
}
