using Latent.Engine;
using Latent.Training;

namespace Latent.Tests.Training;

/// <summary>The engine's steps, cancelled after some of them.</summary>
internal sealed class StoppingSteps(ITrainingSteps inner, CancellationTokenSource source, int stop) : ITrainingSteps
{
    private int _done;

    public OptimizerState? Optimizer => inner.Optimizer;

    public double Step(ReadOnlySpan<int> rows, double factor)
    {
        double loss = inner.Step(rows, factor);
        if (++_done == stop)
            source.Cancel();
        return loss;
    }

    public double? Evaluate() => inner.Evaluate();

    public double[] Measure() => inner.Measure();

    public void Dispose() => inner.Dispose();
}
