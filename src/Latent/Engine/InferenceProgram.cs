using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Latent.Data;
using Latent.Engine.Operations;
using Latent.Networks;

namespace Latent.Engine;

/// <summary>
/// Some networks of a chain, compiled to run forward only. Thread-safe while the weights stay as they are. What fits one group of images is
/// run on the caller's thread, and nothing is allocated once a workspace for it exists.
/// </summary>
public sealed unsafe class InferenceProgram
{
    private readonly WeightStore _weights;
    private readonly Plan _plan;
    private readonly PackedWeights _packed;
    private readonly ConcurrentBag<Workspace> _idle = [];

    /// <summary>Compiles networks of the weights' layout.</summary>
    /// <param name="weights">The chain's weights; a change of them is seen by the next run.</param>
    /// <param name="first">The first network to run, counted from 0.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="LatentException">The engine does not know a layer.</exception>
    public InferenceProgram(WeightStore weights, int first, int count)
    {
        _weights = weights;
        _plan = Plan.Compile(weights.Layout, first, count, training: false);
        _packed = new(_plan);
    }

    /// <summary>The shape of one input.</summary>
    public Shape InputShape => _plan.Input.Shape;

    /// <summary>The shape of one output.</summary>
    public Shape OutputShape => _plan.Output.Shape;

    /// <summary>What is done with the outputs of some images, before others take their place.</summary>
    private interface IUse
    {
        void Take(Plan plan, in Frame frame);
    }

    /// <summary>All samples of a set.</summary>
    internal void Run(SampleSet samples, Span<float> outputs)
    {
        using var memory = samples.Pin();
        Run(Batch.Of(samples, memory.Pointer), samples.Count, outputs);
    }

    /// <summary>Runs as many inputs as the numbers make.</summary>
    /// <param name="inputs">n × input size numbers.</param>
    /// <param name="outputs">Receives n × output size numbers.</param>
    /// <exception cref="LatentException">A length does not fit.</exception>
    public void Run(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        int count = inputs.Length / InputShape.Size;
        if (inputs.Length % InputShape.Size != 0 || outputs.Length != (long)count * OutputShape.Size)
            throw new LatentException(
                "The numbers do not fit the networks.",
                $"n × {InputShape.Size} numbers in, {InputShape} each, and n × {OutputShape.Size} out",
                $"{inputs.Length} and {outputs.Length}"
            );
        fixed (float* input = inputs)
            Run(new() { Floats = input, Size = InputShape.Size }, inputs.Length / InputShape.Size, outputs);
    }

    /// <summary>As many inputs as the bytes make; each is divided by 255.</summary>
    internal void Run(ReadOnlySpan<byte> inputs, Span<float> outputs)
    {
        fixed (byte* input = inputs)
            Run(new() { Bytes = input, Size = InputShape.Size }, inputs.Length / InputShape.Size, outputs);
    }

    /// <summary>The loss of each output.</summary>
    internal double[] Losses(SampleSet inputs, SampleSet targets, Loss loss)
    {
        var losses = new double[inputs.Count];
        using var input = inputs.Pin();
        using var target = targets.Pin();
        Losses(Batch.Of(inputs, input.Pointer), Batch.Of(targets, target.Pointer), loss, losses);
        return losses;
    }

    /// <summary>The loss of each input's output, the input being the target.</summary>
    internal void Losses(ReadOnlySpan<float> inputs, Loss loss, Span<double> losses)
    {
        fixed (float* input = inputs)
        {
            var batch = new Batch { Floats = input, Size = InputShape.Size };
            Losses(batch, batch, loss, losses);
        }
    }

    /// <summary>The loss of each input's output, the input being the target; bytes are divided by 255.</summary>
    internal void Losses(ReadOnlySpan<byte> inputs, Loss loss, Span<double> losses)
    {
        fixed (byte* input = inputs)
        {
            var batch = new Batch { Bytes = input, Size = InputShape.Size };
            Losses(batch, batch, loss, losses);
        }
    }

    private void Losses(Batch inputs, Batch targets, Loss loss, Span<double> losses)
    {
        fixed (double* to = losses)
            Groups(
                inputs,
                losses.Length,
                new Compare
                {
                    Targets = targets,
                    Loss = loss,
                    To = to,
                }
            );
    }

    private void Run(Batch batch, int count, Span<float> outputs)
    {
        fixed (float* output = outputs)
            Groups(batch, count, new Copy { To = output });
    }

    // Runs all groups on as many threads as there are cores, one group on the caller's alone, and hands each one's outputs on.
    private void Groups<TUse>(Batch batch, int count, TUse use)
        where TUse : struct, IUse
    {
        _packed.Refresh(_weights);
        int groups = (count + _plan.Group - 1) / _plan.Group;
        if (groups == 1)
            RunGroup(batch, 0, count, use);
        else
            RunTogether(batch, groups, count, use);
    }

    private void RunTogether<TUse>(Batch batch, int groups, int count, TUse use)
        where TUse : struct, IUse
    {
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

    private void RunGroup<TUse>(Batch batch, int group, int count, TUse use)
        where TUse : struct, IUse
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
            use.Take(_plan, part);
        }
        _idle.Add(workspace);
    }

    private struct Copy : IUse
    {
        public float* To;

        public readonly void Take(Plan plan, in Frame frame)
        {
            int size = plan.Output.Shape.Size;
            for (int n = 0; n < frame.Images; n++)
                Kernels.Arrays.Copy(frame.Of(plan.Output, n), To + (nint)(frame.First + n) * size, size);
        }
    }

    private struct Compare : IUse
    {
        public Batch Targets;
        public Loss Loss;
        public double* To;

        public readonly void Take(Plan plan, in Frame frame)
        {
            var shape = plan.Output.Shape;
            float[] room = ArrayPool<float>.Shared.Rent(shape.Size);
            fixed (float* target = room)
                for (int n = 0; n < frame.Images; n++)
                {
                    Targets.Load(frame.First + n, 0, shape.Size, target);
                    To[frame.First + n] = Kernels.Losses.Sum(Loss, frame.Of(plan.Output, n), target, null, 0, shape) / Loss.Terms(shape);
                }
            ArrayPool<float>.Shared.Return(room);
        }
    }
}
