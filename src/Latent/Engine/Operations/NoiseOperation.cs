using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>
/// Dropout or noise in training. What is drawn depends on the seed, the layer, the step, the image's place in the batch and the number's place
/// in the image, and on no thread; the way back draws it again.
/// </summary>
internal sealed unsafe class NoiseOperation(Shape shape, ulong layer, float rate, float deviation) : Operation(shape, shape)
{
    private readonly float _scale = 1 / (1 - rate);

    public override string Describe() => rate > 0 ? $"dropout of {rate}" : $"noise of deviation {deviation}";

    public override void Forward(in Frame f)
    {
        for (int n = 0; n < f.Images; n++)
        {
            ulong key = NoiseBits.Key(f.NoiseSeed, layer, f.Step, f.First + n);
            int i = 0;
            for (int y = 0; y < InputShape.Height; y++)
            {
                float* from = RunOf(f.Arena, Input, n, 0) + (nint)y * Input.RowStride,
                    to = RunOf(f.Arena, Output, n, 0) + (nint)y * Output.RowStride;
                for (int k = 0; k < InputShape.Width * InputShape.Channels; k++, i++)
                    to[k] =
                        rate > 0
                            ? NoiseBits.Uniform(key, i) >= rate
                                ? from[k] * _scale
                                : 0
                            : from[k] + deviation * NoiseBits.Gaussian(key, i);
            }
        }
    }

    public override void Backward(in Frame f)
    {
        if (InputGradient is not { } gradient)
            return;
        for (int n = 0; n < f.Images; n++)
        {
            ulong key = NoiseBits.Key(f.NoiseSeed, layer, f.Step, f.First + n);
            int i = 0;
            for (int y = 0; y < InputShape.Height; y++)
            {
                float* from = RunOf(f.Arena, OutputGradient!, n, 0) + (nint)y * OutputGradient!.RowStride,
                    to = RunOf(f.Arena, gradient, n, 0) + (nint)y * gradient.RowStride;
                for (int k = 0; k < InputShape.Width * InputShape.Channels; k++, i++)
                    to[k] =
                        rate <= 0 ? from[k]
                        : NoiseBits.Uniform(key, i) >= rate ? from[k] * _scale
                        : 0;
            }
        }
    }
}
