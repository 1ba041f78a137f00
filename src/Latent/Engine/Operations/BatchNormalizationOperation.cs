using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>
/// Batch normalization by the moving statistics, as in use: a factor and a shift a channel. <see cref="WholeBatchOperation"/> is that of
/// training.
/// </summary>
internal sealed unsafe class BatchNormalizationOperation(Shape shape, BatchNormalization layer, NormalizationWeights at)
    : Operation(shape, shape)
{
    private readonly int _channels = shape.Channels;

    private int Padded => (_channels + 15) / 16 * 16;

    public override string Describe() => "normalization: a factor and a shift a channel";

    public override int ScratchLength(int images) => 2 * Padded;

    public override int PackedLength(bool training) => 3 * Padded;

    public override int PackParts(bool training) => 1;

    // factor, shift, 1 / deviation
    public override void Pack(int part, float* weights, float* packed)
    {
        float* factor = packed + PackedStart;
        for (int c = 0; c < _channels; c++)
        {
            double inverse = 1 / Math.Sqrt(weights[at.Variance + c] + (double)layer.Epsilon),
                scale = at.GammaOf(weights, c) * inverse;
            factor[c] = (float)scale;
            factor[Padded + c] = (float)(at.BetaOf(weights, c) - weights[at.Mean + c] * scale);
            factor[2 * Padded + c] = (float)inverse;
        }
    }

    public override void Forward(in Frame f) =>
        Channels.Affine(f, Input, Output, f.Packed + PackedStart, f.Packed + PackedStart + Padded, InputShape);

    public override void Backward(in Frame f)
    {
        float* sums = f.Scratch,
            products = sums + Padded;
        for (int n = 0; n < f.Images; n++)
        {
            Channels.Sums(f, OutputGradient!, Input, n, InputShape, f.Weights + at.Mean, sums, products);
            for (int c = 0; c < _channels; c++)
            {
                if (at.Beta >= 0)
                    f.Gradient[at.Beta + c] += sums[c];
                if (at.Gamma >= 0)
                    f.Gradient[at.Gamma + c] += products[c] * f.Packed[PackedStart + 2 * Padded + c];
            }
        }
        if (InputGradient is { } to)
            Channels.Affine(f, OutputGradient!, to, f.Packed + PackedStart, null, InputShape);
    }
}

/// <summary>Where the weights of a batch normalization lie; below 0 where it has no gamma or no beta.</summary>
internal readonly unsafe record struct NormalizationWeights(int Gamma, int Beta, int Mean, int Variance)
{
    public double GammaOf(float* weights, int channel) => Gamma < 0 ? 1 : weights[Gamma + channel];

    public double BetaOf(float* weights, int channel) => Beta < 0 ? 0 : weights[Beta + channel];
}
