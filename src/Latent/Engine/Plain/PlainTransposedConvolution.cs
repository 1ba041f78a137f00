using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>
/// Each input pixel adds x[n, iy, ix, ci] · kernel[ky, kx, co, ci] to the output pixel (iy·s + ky − top, ix·s + kx − left); what falls outside
/// the output is dropped, and output pixels that no tap reaches hold the bias.
/// </summary>
internal sealed class PlainTransposedConvolution<T>(Shape input, Shape output, Size2 kernel, Size2 stride, Padding padding, bool bias)
    : PlainStep<T>(input, output)
    where T : IFloatingPointIeee754<T>
{
    private readonly int _top = Window.Transposed(input.Height, kernel.Height, stride.Height, padding).Before;
    private readonly int _left = Window.Transposed(input.Width, kernel.Width, stride.Width, padding).Before;

    public override T[] Forward(T[] x, int count, T[][] weights)
    {
        var w = weights[0];
        var y = new T[count * Output.Size];
        foreach (var (from, to, tap) in Taps(count))
            for (int co = 0; co < Output.Channels; co++)
            for (int ci = 0; ci < Input.Channels; ci++)
                y[to + co] += x[from + ci] * w[(tap * Output.Channels + co) * Input.Channels + ci];
        if (bias)
            for (int i = 0; i < y.Length; i++)
                y[i] += weights[1][i % Output.Channels];
        return y;
    }

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients)
    {
        T[] w = weights[0],
            dw = gradients[0];
        var dx = new T[x.Length];
        foreach (var (from, to, tap) in Taps(count))
            for (int co = 0; co < Output.Channels; co++)
            for (int ci = 0; ci < Input.Channels; ci++)
            {
                int i = (tap * Output.Channels + co) * Input.Channels + ci;
                dx[from + ci] += dy[to + co] * w[i];
                dw[i] += x[from + ci] * dy[to + co];
            }
        if (bias)
            for (int i = 0; i < dy.Length; i++)
                gradients[1][i % Output.Channels] += dy[i];
        return dx;
    }

    /// <summary>Every pair of an input pixel and an output pixel that a kernel's tap connects, by the index of their first channel.</summary>
    private IEnumerable<(int From, int To, int Tap)> Taps(int count)
    {
        for (int n = 0; n < count; n++)
        for (int iy = 0; iy < Input.Height; iy++)
        for (int ix = 0; ix < Input.Width; ix++)
        for (int ky = 0; ky < kernel.Height; ky++)
        for (int kx = 0; kx < kernel.Width; kx++)
        {
            int oy = iy * stride.Height + ky - _top;
            int ox = ix * stride.Width + kx - _left;
            if (oy >= 0 && oy < Output.Height && ox >= 0 && ox < Output.Width)
                yield return (
                    ((n * Input.Height + iy) * Input.Width + ix) * Input.Channels,
                    ((n * Output.Height + oy) * Output.Width + ox) * Output.Channels,
                    ky * kernel.Width + kx
                );
        }
    }
}
