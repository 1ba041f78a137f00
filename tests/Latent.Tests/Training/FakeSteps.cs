using Latent.Engine;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

namespace Latent.Tests.Training;

/// <summary>Steps without an engine: losses from given curves, weights that say which step they are from.</summary>
internal sealed class FakeSteps(Autoencoder model, Func<long, double>? stepLoss = null, Func<int, double?>? valLoss = null) : ITrainingSteps
{
    public List<int[]> Batches { get; } = [];

    public List<double> Factors { get; } = [];

    public int Evaluations { get; private set; }

    public OptimizerState? Optimizer => null;

    public double Step(ReadOnlySpan<int> rows, double factor)
    {
        Batches.Add(rows.ToArray());
        Factors.Add(factor);
        model.Weights.Values.Fill(Batches.Count);
        model.Weights.Touch();
        return stepLoss?.Invoke(Batches.Count) ?? 1;
    }

    public double? Evaluate() => valLoss?.Invoke(Evaluations++);

    public double[] Measure() => [];

    public void Dispose() { }

    public static Autoencoder Model(int latent = 2) =>
        new(
            new Network("encoder", new Shape(2, 2, 1), new Flatten(), new Dense(latent)),
            new Network("decoder", Shape.Vector(latent), new Dense(4, Activation.Sigmoid), new Reshape(new Shape(2, 2, 1)))
        );

    public static TrainingResult Run(
        Autoencoder model,
        FakeSteps steps,
        int images,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress = null
    ) => RunUntil(model, steps, images, options, TestContext.Current.CancellationToken, progress);

    public static TrainingResult RunUntil(
        Autoencoder model,
        FakeSteps steps,
        int images,
        TrainingOptions options,
        CancellationToken cancellation,
        IProgress<TrainingProgress>? progress = null
    ) => new TrainingLoop(model, steps, images, 10, options, progress, null, null, cancellation).Run();
}

/// <summary>Reports as they come, on the same thread.</summary>
internal sealed class Reports : List<TrainingProgress>, IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => Add(value);
}
