using System.Numerics;
using Latent.Networks;

namespace Latent.Engine.Plain;

/// <summary>Dropout or noise in training, with the numbers drawn for a step.</summary>
internal sealed class PlainNoise<T>(Shape shape, ulong layer, float rate, float deviation, long seed, long step)
    : PlainStep<T>(shape, shape)
    where T : IFloatingPointIeee754<T>
{
    public override T[] Forward(T[] x, int count, T[][] weights) =>
        [.. x.Select((value, i) => rate > 0 ? value * Kept(i) : value + Added(i))];

    public override T[] Backward(T[] x, T[] dy, int count, T[][] weights, T[][] gradients) =>
        [.. dy.Select((value, i) => rate > 0 ? value * Kept(i) : value)];

    private T Kept(int i) =>
        NoiseBits.Uniform(NoiseBits.Key(seed, layer, step, i / Input.Size), i % Input.Size) >= rate
            ? T.One / (T.One - T.CreateChecked(rate))
            : T.Zero;

    private T Added(int i) =>
        T.CreateChecked(deviation) * T.CreateChecked(NoiseBits.Gaussian(NoiseBits.Key(seed, layer, step, i / Input.Size), i % Input.Size));
}
