using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>
/// y at (oy, ox) is x at ((oy + ½) / factor − ½, (ox + ½) / factor − ½), between four pixels by the areas opposite to them; places beyond the
/// outermost pixels are moved onto them.
/// </summary>
internal sealed class PlainBilinear<T>(Shape input, Shape output, Size2 factor) : PlainStep<T>(input, output)
    where T : IFloatingPointIeee754<T>
{
    public override T[] Forward(T[] x, int count, T[][] weights)
    {
        var y = new T[count * Output.Size];
        for (int i = 0; i < y.Length; i++)
            foreach (var (source, part) in Parts(i))
                y[i] += x[source] * part;
        return y;
    }

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients)
    {
        var dx = new T[x.Length];
        for (int i = 0; i < dy.Length; i++)
            foreach (var (source, part) in Parts(i))
                dx[source] += dy[i] * part;
        return dx;
    }

    private IEnumerable<(int Source, T Part)> Parts(int i)
    {
        int c = i % Output.Channels;
        var (left, right, x) = Between(i / Output.Channels % Output.Width, factor.Width, Input.Width);
        var (top, bottom, y) = Between(i / (Output.Channels * Output.Width) % Output.Height, factor.Height, Input.Height);
        int n = i / Output.Size;
        yield return (At(top, left), (T.One - y) * (T.One - x));
        yield return (At(top, right), (T.One - y) * x);
        yield return (At(bottom, left), y * (T.One - x));
        yield return (At(bottom, right), y * x);

        int At(int row, int column) => ((n * Input.Height + row) * Input.Width + column) * Input.Channels + c;
    }

    private static (int Before, int After, T Part) Between(int place, int factor, int size)
    {
        T half = T.CreateChecked(0.5),
            at = T.Clamp((T.CreateChecked(place) + half) / T.CreateChecked(factor) - half, T.Zero, T.CreateChecked(size - 1));
        int before = int.CreateTruncating(at);
        return (before, Math.Min(before + 1, size - 1), at - T.CreateChecked(before));
    }
}
