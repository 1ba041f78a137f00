using Latent.Engine;
using Latent.Engine.Operations;
using Latent.Networks;

namespace Latent.Tests.Probes;

/// <summary>One network through the fast engine: output, and the gradients of Σ y · dy.</summary>
internal static unsafe class LayerProbe
{
    /// <param name="network">Any network.</param>
    /// <param name="weights">Its weights, of a layout of this network alone.</param>
    /// <param name="x">n inputs.</param>
    /// <param name="dy">n gradients of the output.</param>
    public static (float[] Y, float[] Dx, float[] Gradients) Run(
        Network network,
        WeightStore weights,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> dy
    )
    {
        var plan = Plan.Compile(weights.Layout, 0, 1, training: true, inputGradient: true);
        var packed = new PackedWeights(plan);
        packed.Refresh(weights);
        var workspace = new Workspace(plan);
        var gradient = new FloatBuffer(weights.Layout.Length);
        int inputSize = network.Input.Size,
            outputSize = network.Output.Size,
            count = x.Length / inputSize;
        float[] y = new float[count * outputSize],
            dx = new float[x.Length];
        var frame = workspace.Frame(weights, packed, gradient.Pointer);
        for (int first = 0; first < count; first += frame.Images)
        {
            frame.Images = Math.Min(plan.Group, count - first);
            Load(plan.Input, x, first, frame.Images);
            foreach (var operation in plan.Operations)
                operation.Run(frame);
            Save(plan.Output, y, first, frame.Images);
            Load(plan.OutputGradient!, dy, first, frame.Images);
            for (int i = plan.Operations.Length - 1; i >= 0; i--)
                plan.Operations[i].RunBackward(frame);
            frame.FirstGroup = false;
            Save(plan.InputGradient!, dx, first, frame.Images);
        }
        foreach (var operation in plan.Operations)
            operation.FinishChunk(frame);
        GC.KeepAlive((weights, packed));
        return (y, dx, gradient.Span.ToArray());

        void Load(Tensor tensor, ReadOnlySpan<float> values, int first, int images)
        {
            for (int n = 0; n < images; n++)
            for (int run = 0; run < tensor.Runs; run++)
                values
                    .Slice((first + n) * tensor.Shape.Size + run * tensor.RunLength, tensor.RunLength)
                    .CopyTo(workspace.Of(tensor, n, run));
        }

        void Save(Tensor tensor, float[] values, int first, int images)
        {
            for (int n = 0; n < images; n++)
            for (int run = 0; run < tensor.Runs; run++)
                workspace.Of(tensor, n, run).CopyTo(values.AsSpan((first + n) * tensor.Shape.Size + run * tensor.RunLength));
        }
    }
}
