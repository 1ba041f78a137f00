using System.Collections.Concurrent;
using Latent.Data;
using Latent.Engine.Operations;
using Latent.Networks;

namespace Latent.Engine;

/// <summary>Some networks of a chain, compiled to run forward only. Thread-safe while the weights stay as they are.</summary>
internal sealed unsafe class InferenceProgram
{
    private readonly WeightStore _weights;
    private readonly Plan _plan;
    private readonly PackedWeights _packed;
    private readonly ConcurrentBag<Workspace> _idle = [];

    /// <param name="weights">The chain's weights.</param>
    /// <param name="first">The first network to run.</param>
    /// <param name="count">How many.</param>
    public InferenceProgram(WeightStore weights, int first, int count)
    {
        _weights = weights;
        _plan = Plan.Compile(weights.Layout, first, count, training: false);
        _packed = new(_plan);
    }

    public Shape InputShape => _plan.Input.Shape;

    public Shape OutputShape => _plan.Output.Shape;

    /// <summary>All images of a set, pixels divided by 255.</summary>
    public void Run(ImageSet images, Span<float> outputs)
    {
        fixed (byte* pixels = images.Pixels)
            Run(new() { Bytes = pixels, Size = InputShape.Size }, images.Count, outputs);
    }

    /// <summary>As many inputs as the numbers make.</summary>
    public void Run(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        fixed (float* input = inputs)
            Run(new() { Floats = input, Size = InputShape.Size }, inputs.Length / InputShape.Size, outputs);
    }

    private void Run(Batch batch, int count, Span<float> outputs)
    {
        _packed.Refresh(_weights);
        int groups = (count + _plan.Group - 1) / _plan.Group;
        fixed (float* output = outputs)
        {
            if (groups == 1)
            {
                RunGroup(batch, 0, count, output);
                return;
            }
            float* to = output;
            Parallel.For(0, groups, group => RunGroup(batch, group, count, to));
        }
    }

    private void RunGroup(Batch batch, int group, int count, float* output)
    {
        if (!_idle.TryTake(out var workspace))
            workspace = new(_plan);
        var frame = workspace.Frame(_weights, _packed);
        int first = group * _plan.Group;
        frame.Images = Math.Min(_plan.Group, count - first);
        for (int n = 0; n < frame.Images; n++)
            batch.Load(first + n, frame.Arena, _plan.Input, n);
        foreach (var operation in _plan.Operations)
            operation.Run(frame);
        for (int n = 0; n < frame.Images; n++)
            workspace.Of(_plan.Output, n, 0).CopyTo(new Span<float>(output + (nint)(first + n) * OutputShape.Size, OutputShape.Size));
        _idle.Add(workspace);
    }
}
