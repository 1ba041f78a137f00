using Latent.Networks;

namespace Latent.Engine;

/// <summary>The fast engine on one small network, for the tests: outputs and gradients.</summary>
internal static class LayerProbe
{
    /// <summary>The outputs, and the gradients of Σ y · dy for the inputs and (flat, by the layout) for the weights.</summary>
    public static (float[] Y, float[] Dx, float[] Gradients) Run(
        Network network,
        WeightStore weights,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> dy
    ) => throw new NotSupportedException();
}
