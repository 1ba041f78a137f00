using Latent.Engine;
using Latent.Networks;

namespace Latent.Tests.Probes;

/// <summary>One network through the fast engine, a batch in its chunks: output, and the gradients of Σ y · dy.</summary>
internal static class LayerProbe
{
    /// <param name="network">Any network.</param>
    /// <param name="weights">Its weights, of a layout of this network alone; their moving statistics move where training is asked for.</param>
    /// <param name="x">n inputs.</param>
    /// <param name="dy">n gradients of the output.</param>
    /// <param name="training">The seed of what is drawn in training, at the first step; null for what layers do in use.</param>
    public static (float[] Y, float[] Dx, float[] Gradients) Run(
        Network network,
        WeightStore weights,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> dy,
        long? training = null
    )
    {
        using var program = new TrainingProgram(
            weights,
            new MeanSquaredError(),
            new RMSprop(),
            threads: 2,
            seed: training ?? 0,
            inputGradient: true,
            drawn: training is not null
        );
        float[] y = new float[x.Length / network.Input.Size * network.Output.Size],
            dx = new float[x.Length],
            gradients = new float[weights.Layout.Length];
        program.Backpropagate(x, dy, y, dx, gradients);
        if (training is not null)
            program.MoveStatistics();
        return (y, dx, gradients);
    }
}
