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

    /// <summary>All samples of a set.</summary>
    public void Run(SampleSet samples, Span<float> outputs)
    {
        fixed (byte* memory = samples.Memory)
            Run(Batch.Of(samples, memory), samples.Count, outputs);
    }

    /// <summary>As many inputs as the numbers make.</summary>
    public void Run(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        fixed (float* input = inputs)
            Run(new() { Floats = input, Size = InputShape.Size }, inputs.Length / InputShape.Size, outputs);
    }

    /// <summary>The loss of each output.</summary>
    public double[] Losses(SampleSet inputs, SampleSet targets, Loss loss)
    {
        var losses = new double[inputs.Count];
        int size = OutputShape.Size;
        fixed (byte* input = inputs.Memory)
        fixed (byte* target = targets.Memory)
        {
            var wanted = Batch.Of(targets, target);
            Groups(Batch.Of(inputs, input), inputs.Count, LossesOf);

            void LossesOf(Workspace workspace, int first, int count)
            {
                var numbers = new FloatBuffer(size);
                var outputs = workspace.Frame(_weights, _packed).Arena + _plan.Output.Start;
                for (int n = 0; n < count; n++)
                {
                    wanted.Load(first + n, 0, size, numbers.Pointer);
                    float* output = outputs + (nint)n * _plan.Output.ImageStride;
                    losses[first + n] = Kernels.Losses.Sum(loss, output, numbers.Pointer, null, 0, OutputShape) / loss.Terms(OutputShape);
                }
                GC.KeepAlive((numbers, workspace));
            }
        }
        return losses;
    }

    private void Run(Batch batch, int count, Span<float> outputs)
    {
        int size = OutputShape.Size;
        fixed (float* output = outputs)
        {
            float* to = output;
            Groups(
                batch,
                count,
                (workspace, first, images) =>
                {
                    for (int n = 0; n < images; n++)
                        workspace.Of(_plan.Output, n, 0).CopyTo(new Span<float>(to + (nint)(first + n) * size, size));
                }
            );
        }
    }

    // Runs all groups on as many threads as there are cores, one group on the caller's alone, and hands each one's outputs on.
    private void Groups(Batch batch, int count, Action<Workspace, int, int> use)
    {
        _packed.Refresh(_weights);
        int groups = (count + _plan.Group - 1) / _plan.Group;
        if (groups == 1)
            RunGroup(batch, 0, count, use);
        else
            Parallel.For(0, groups, group => RunGroup(batch, group, count, use));
    }

    private void RunGroup(Batch batch, int group, int count, Action<Workspace, int, int> use)
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
        use(workspace, first, frame.Images);
        _idle.Add(workspace);
    }
}
