using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>
/// The largest number of each window. Cells outside the image never win. Where several are largest, the gradient goes to the first of them, row
/// by row, as in TensorFlow.
/// </summary>
internal sealed class PlainMaxPooling<T>(Shape input, Shape output, Size2 pool, Size2 stride, Padding padding) : PlainStep<T>(input, output)
    where T : IFloatingPointIeee754<T>
{
    private readonly int _top = Window.Of(input.Height, pool.Height, stride.Height, padding).Before;
    private readonly int _left = Window.Of(input.Width, pool.Width, stride.Width, padding).Before;

    public override T[] Forward(T[] x, int count, T[][] weights)
    {
        var y = new T[count * Output.Size];
        for (int i = 0; i < y.Length; i++)
            y[i] = x[Winner(x, i)];
        return y;
    }

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients)
    {
        var dx = new T[x.Length];
        for (int i = 0; i < dy.Length; i++)
            dx[Winner(x, i)] += dy[i];
        return dx;
    }

    /// <summary>The smallest lead of a winner over another number of its window. Equal numbers (the zeros of a ReLU) do not count.</summary>
    public override T KinkDistance(T[] x, int count)
    {
        var distance = T.PositiveInfinity;
        for (int i = 0; i < count * Output.Size; i++)
        {
            var largest = x[Winner(x, i)];
            foreach (int cell in Cells(i))
                if (x[cell] != largest)
                    distance = T.Min(distance, largest - x[cell]);
        }
        return distance;
    }

    private int Winner(T[] x, int i)
    {
        int winner = -1;
        foreach (int cell in Cells(i))
            if (winner < 0 || x[cell] > x[winner])
                winner = cell;
        return winner;
    }

    /// <summary>The input numbers in the window of output number <paramref name="i"/>, row by row.</summary>
    private IEnumerable<int> Cells(int i)
    {
        int c = i % Output.Channels;
        int ox = i / Output.Channels % Output.Width;
        int oy = i / (Output.Channels * Output.Width) % Output.Height;
        int n = i / Output.Size;
        for (int ky = 0; ky < pool.Height; ky++)
        for (int kx = 0; kx < pool.Width; kx++)
        {
            int iy = oy * stride.Height + ky - _top;
            int ix = ox * stride.Width + kx - _left;
            if (iy >= 0 && iy < Input.Height && ix >= 0 && ix < Input.Width)
                yield return ((n * Input.Height + iy) * Input.Width + ix) * Input.Channels + c;
        }
    }
}
