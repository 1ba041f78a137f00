using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>y[r, j] = bias[j] + Σ over i of x[r, i] · kernel[i, j]; a row r is a vector, or a pixel's channels where the input is an image.</summary>
internal sealed class PlainDense<T>(Shape input, Shape output, bool bias) : PlainStep<T>(input, output)
    where T : IFloatingPointIeee754<T>
{
    private readonly int _inputs = input.Channels;
    private readonly int _outputs = output.Channels;

    public override T[] Forward(T[] x, int count, T[][] weights)
    {
        var y = new T[count * Output.Size];
        for (int r = 0; r < x.Length / _inputs; r++)
        {
            for (int i = 0; i < _inputs; i++)
            for (int j = 0; j < _outputs; j++)
                y[r * _outputs + j] += x[r * _inputs + i] * weights[0][i * _outputs + j];
            if (bias)
                for (int j = 0; j < _outputs; j++)
                    y[r * _outputs + j] += weights[1][j];
        }
        return y;
    }

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients)
    {
        var dx = new T[x.Length];
        for (int r = 0; r < x.Length / _inputs; r++)
        {
            for (int i = 0; i < _inputs; i++)
            for (int j = 0; j < _outputs; j++)
            {
                dx[r * _inputs + i] += dy[r * _outputs + j] * weights[0][i * _outputs + j];
                gradients[0][i * _outputs + j] += x[r * _inputs + i] * dy[r * _outputs + j];
            }
            if (bias)
                for (int j = 0; j < _outputs; j++)
                    gradients[1][j] += dy[r * _outputs + j];
        }
        return dx;
    }
}
