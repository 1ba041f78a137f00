using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>Flatten and Reshape: the same numbers in the same order.</summary>
internal sealed class PlainCopy<T>(Shape input, Shape output) : PlainStep<T>(input, output)
    where T : IFloatingPointIeee754<T>
{
    public override T[] Forward(T[] x, int count, T[][] weights) => [.. x];

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients) => [.. dy];
}
