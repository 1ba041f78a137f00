using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>Lets all numbers pass; their penalty is added to a batch's loss, divided by the count of images.</summary>
internal sealed class PlainPenalty<T>(Shape shape, Regularizer penalty) : PlainStep<T>(shape, shape)
    where T : IFloatingPointIeee754<T>
{
    public override T[] Forward(T[] x, int count, T[][] weights) => x;

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients)
    {
        var slopes = Slopes(x, penalty);
        var dx = new T[x.Length];
        for (int i = 0; i < x.Length; i++)
            dx[i] = dy[i] + slopes[i] / T.CreateChecked(count);
        return dx;
    }

    public T Value(T[] x, int count) => Value(x, penalty) / T.CreateChecked(count);

    /// <summary>L1 · Σ |x| + L2 · Σ x².</summary>
    public static T Value(T[] x, Regularizer penalty)
    {
        T sum = T.Zero;
        foreach (var value in x)
            sum += T.CreateChecked(penalty.L1) * T.Abs(value) + T.CreateChecked(penalty.L2) * value * value;
        return sum;
    }

    public static T[] Slopes(T[] x, Regularizer penalty) =>
        Array.ConvertAll(
            x,
            value => T.CreateChecked(penalty.L1) * T.CreateChecked(T.Sign(value)) + T.CreateChecked(2 * penalty.L2) * value
        );

    public override T KinkDistance(T[] x, int count) => penalty.L1 == 0 ? T.PositiveInfinity : x.Select(T.Abs).Min()!;
}
