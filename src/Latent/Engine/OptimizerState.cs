using Latent.Networks;

namespace Latent.Engine;

/// <summary>
/// An optimizer at work: its memory (means of gradients and squares), one flat array per slot, and the number of steps taken. Not thread-safe.
/// </summary>
public sealed class OptimizerState
{
    /// <summary>The state before the first step: all zero.</summary>
    public OptimizerState(Optimizer optimizer, ParameterLayout layout) => (Optimizer, Layout) = (optimizer, layout);

    /// <summary>What it does.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The layout of each slot.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; set; }

    /// <summary>The slots' names ("velocity", "momentum"), in order; some optimizers have none.</summary>
    public IReadOnlyList<string> Slots => throw new NotSupportedException();

    /// <summary>A slot's flat array, laid out as the weights are.</summary>
    public Span<float> Slot(string name) => throw new NotSupportedException();

    /// <summary>One step on given gradients, on the calling thread.</summary>
    /// <param name="weights">Changed in place.</param>
    /// <param name="gradients">Laid out as the weights are.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    public void Apply(WeightStore weights, ReadOnlySpan<float> gradients, double factor = 1) => throw new NotSupportedException();
}
