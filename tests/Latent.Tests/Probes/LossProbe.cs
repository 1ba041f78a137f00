using Latent.Engine;
using Latent.Networks;

namespace Latent.Tests.Probes;

/// <summary>A loss through the fast engine.</summary>
internal static unsafe class LossProbe
{
    /// <summary>The loss of some predictions as one output, and its gradient by them.</summary>
    public static (double Value, float[] Gradient) Run(
        Loss loss,
        ReadOnlySpan<float> prediction,
        ReadOnlySpan<float> target,
        int channels = 1
    )
    {
        var shape = new Shape(1, prediction.Length / channels, channels);
        var gradient = new float[prediction.Length];
        fixed (float* p = prediction)
        fixed (float* t = target)
        fixed (float* g = gradient)
        {
            double sum = Latent.Engine.Kernels.Losses.Sum(loss, p, t, g, 1f / loss.Terms(shape), shape);
            return (sum / loss.Terms(shape), gradient);
        }
    }
}
