using Latent.Engine;

namespace Latent.Tests.Probes;

/// <summary>A loss through the fast engine.</summary>
internal static unsafe class LossProbe
{
    /// <summary>The mean over all numbers, and its gradient by the predictions.</summary>
    public static (double Value, float[] Gradient) Run(Loss loss, ReadOnlySpan<float> prediction, ReadOnlySpan<float> target)
    {
        var gradient = new float[prediction.Length];
        fixed (float* p = prediction)
        fixed (float* t = target)
        fixed (float* g = gradient)
        {
            double sum = Latent.Engine.Kernels.Losses.Sum(loss, p, t, g, 1f / prediction.Length, prediction.Length);
            return (sum / prediction.Length, gradient);
        }
    }
}
