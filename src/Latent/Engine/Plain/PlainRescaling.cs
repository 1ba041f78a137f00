using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>x · scale + offset.</summary>
internal sealed class PlainRescaling<T>(Shape shape, float scale, float offset) : PlainStep<T>(shape, shape)
    where T : IFloatingPointIeee754<T>
{
    public override T[] Forward(T[] x, int count, T[][] weights) =>
        Array.ConvertAll(x, value => value * T.CreateChecked(scale) + T.CreateChecked(offset));

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients) =>
        Array.ConvertAll(dy, value => value * T.CreateChecked(scale));
}
