using Latent.Networks;

namespace Latent.Engine;

/// <summary>
/// An optimizer at work: its memory (means of gradients and squares, averages of weights), one flat array per slot, and the number of steps
/// taken. Not thread-safe.
/// </summary>
public sealed unsafe class OptimizerState
{
    private readonly Optimizers.UpdateRule _rule;
    private FloatBuffer? _copy;

    /// <summary>The state before the first step: all zero.</summary>
    /// <exception cref="LatentException">The optimizer's numbers are out of range.</exception>
    public OptimizerState(Optimizer optimizer, ParameterLayout layout)
    {
        (Optimizer, Layout) = (optimizer, layout);
        _rule = Optimizers.UpdateRule.For(optimizer, layout);
    }

    /// <summary>What it does.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The layout of each slot.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; set; }

    /// <summary>The slots' names ("velocity", "momentum", "average"), in order; some optimizers have none.</summary>
    public IReadOnlyList<string> Slots => _rule.SlotNames;

    /// <summary>A slot's flat array, laid out as the weights are.</summary>
    /// <exception cref="LatentException">There is no such slot.</exception>
    public Span<float> Slot(string name)
    {
        for (int i = 0; i < _rule.SlotNames.Length; i++)
            if (_rule.SlotNames[i] == name)
                return _rule.Slots[i].Span;
        throw new LatentException($"{Optimizer.Name} has no slot '{name}'.", string.Join(", ", Slots), $"'{name}'");
    }

    /// <summary>Takes the memory and the count of steps of another state of the same slots, for weights of the same shapes in the same order.</summary>
    /// <exception cref="LatentException">The slots or the shapes are others.</exception>
    public void CopyFrom(OptimizerState other)
    {
        if (Misfit(other) is { } misfit)
            throw new LatentException(misfit);
        foreach (string slot in Slots)
            other.Slot(slot).CopyTo(Slot(slot));
        Steps = other.Steps;
    }

    /// <summary>Why <see cref="CopyFrom"/> cannot take another state; null where it can.</summary>
    internal string? Misfit(OptimizerState other) =>
        !Slots.SequenceEqual(other.Slots, StringComparer.Ordinal)
            ? $"The optimizer's memory has {List(other.Slots)}; {Optimizer.Name} has {List(Slots)}."
        : !Layout.Parameters.Select(p => p.Offset).SequenceEqual(other.Layout.Parameters.Select(p => p.Offset))
        || !Layout.Parameters.Zip(other.Layout.Parameters).All(p => p.First.Weight.Shape.SequenceEqual(p.Second.Weight.Shape))
            ? "The optimizer's memory is of weights of other shapes than the model's."
        : null;

    private static string List(IReadOnlyList<string> slots) => slots.Count == 0 ? "no slots" : string.Join(", ", slots);

    /// <summary>The averages of the weights, laid out as these are.</summary>
    /// <exception cref="LatentException">The optimizer keeps none: its UseEma is false.</exception>
    public Span<float> Averages => Slot(Optimizers.UpdateRule.Average);

    /// <summary>One step on given gradients, on the calling thread.</summary>
    /// <param name="weights">Changed in place.</param>
    /// <param name="gradients">Laid out as the weights are.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    public void Apply(WeightStore weights, ReadOnlySpan<float> gradients, double factor = 1)
    {
        _copy ??= new(Layout.Length);
        gradients.CopyTo(_copy.Span);
        Begin(weights, _copy.Pointer, 1, 0, factor);
        for (int task = 0; task < MeasuringTasks; task++)
            Measure(task, 0);
        Measured();
        for (int task = 0; task < Tasks; task++)
            Run(task, 0);
        End(weights);
    }

    /// <summary>Tasks of a step's first phase, see <see cref="Measure"/>; 0 where there is nothing to measure.</summary>
    internal int MeasuringTasks => _rule.MeasuringTasks;

    internal int Tasks => _rule.Tasks;

    /// <summary>Gets ready for a step whose tasks may then run on any threads; chunk c's gradient begins at gradients + c · stride.</summary>
    internal void Begin(WeightStore weights, float* gradients, int chunks, nint stride, double factor) =>
        _rule.Begin(weights.Pointer, gradients, chunks, stride, Steps, factor);

    /// <summary>One of the tasks that measure the gradients, on any thread.</summary>
    internal void Measure(int task, int thread) => _rule.Measure(task, thread);

    /// <summary>To be called when all is measured, also where there was nothing to measure, and before the step's own tasks.</summary>
    internal void Measured() => _rule.Measured();

    /// <summary>One of the step's tasks. Its result does not depend on the thread.</summary>
    internal void Run(int task, int thread) => _rule.Run(task, thread);

    internal void End(WeightStore weights)
    {
        Steps++;
        weights.Touch();
    }
}
