using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>The mean of the numbers of each window that lie inside the image.</summary>
internal sealed class PlainAveragePooling<T>(Shape input, Shape output, Size2 pool, Size2 stride, Padding padding)
    : PlainStep<T>(input, output)
    where T : IFloatingPointIeee754<T>
{
    private readonly int _top = Window.Of(input.Height, pool.Height, stride.Height, padding).Before;
    private readonly int _left = Window.Of(input.Width, pool.Width, stride.Width, padding).Before;

    public override T[] Forward(T[] x, int count, T[][] weights)
    {
        var y = new T[count * Output.Size];
        for (int i = 0; i < y.Length; i++)
        {
            int[] cells = [.. Cells(i)];
            foreach (int cell in cells)
                y[i] += x[cell];
            y[i] /= T.CreateChecked(cells.Length);
        }
        return y;
    }

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients)
    {
        var dx = new T[x.Length];
        for (int i = 0; i < dy.Length; i++)
        {
            int[] cells = [.. Cells(i)];
            foreach (int cell in cells)
                dx[cell] += dy[i] / T.CreateChecked(cells.Length);
        }
        return dx;
    }

    /// <summary>The input numbers in the window of output number <paramref name="i"/>.</summary>
    private IEnumerable<int> Cells(int i)
    {
        int c = i % Output.Channels;
        int ox = i / Output.Channels % Output.Width;
        int oy = i / (Output.Channels * Output.Width) % Output.Height;
        int n = i / Output.Size;
        for (int iy = oy * stride.Height - _top; iy < oy * stride.Height - _top + pool.Height; iy++)
        for (int ix = ox * stride.Width - _left; ix < ox * stride.Width - _left + pool.Width; ix++)
            if (iy >= 0 && iy < Input.Height && ix >= 0 && ix < Input.Width)
                yield return ((n * Input.Height + iy) * Input.Width + ix) * Input.Channels + c;
    }
}
