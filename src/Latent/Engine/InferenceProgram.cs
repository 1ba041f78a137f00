using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
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

    // What is done with the outputs of some images, before others take their place.
    private delegate void Use(in Frame frame);

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

            void LossesOf(in Frame frame)
            {
                var numbers = new FloatBuffer(size);
                for (int n = 0; n < frame.Images; n++)
                {
                    wanted.Load(frame.First + n, 0, size, numbers.Pointer);
                    float* output = frame.Of(_plan.Output, n);
                    losses[frame.First + n] =
                        Kernels.Losses.Sum(loss, output, numbers.Pointer, null, 0, OutputShape) / loss.Terms(OutputShape);
                }
                GC.KeepAlive(numbers);
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
                (in Frame frame) =>
                {
                    for (int n = 0; n < frame.Images; n++)
                        Kernels.Arrays.Copy(frame.Of(_plan.Output, n), to + (nint)(frame.First + n) * size, size);
                }
            );
        }
    }

    // Runs all groups on as many threads as there are cores, one group on the caller's alone, and hands each one's outputs on.
    private void Groups(Batch batch, int count, Use use)
    {
        _packed.Refresh(_weights);
        int groups = (count + _plan.Group - 1) / _plan.Group;
        if (groups == 1)
            RunGroup(batch, 0, count, use);
        else
            try
            {
                // as many workers as can run, which take group after group: handing each one out alone would cost more
                int next = 0;
                Parallel.For(
                    0,
                    Math.Min(groups, Environment.ProcessorCount),
                    _ =>
                    {
                        for (int group; (group = Interlocked.Increment(ref next) - 1) < groups; )
                            RunGroup(batch, group, count, use);
                    }
                );
            }
            catch (AggregateException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerExceptions[0]); // as it would come with one thread
            }
    }

    private void RunGroup(Batch batch, int group, int count, Use use)
    {
        if (!_idle.TryTake(out var workspace))
            workspace = new(_plan);
        var frame = workspace.Frame(_weights, _packed);
        frame.First = group * _plan.Group;
        frame.Images = Math.Min(_plan.Group, count - frame.First);
        for (int n = 0; n < frame.Images; n++)
            batch.Load(frame.First + n, frame.Of(_plan.Input, n), _plan.Input);
        _plan.RunHead(frame);
        foreach (var part in frame.Parts(_plan.Part))
        {
            _plan.RunTail(part);
            use(part);
        }
        _idle.Add(workspace);
    }
}
