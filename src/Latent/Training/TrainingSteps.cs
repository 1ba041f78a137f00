using Latent.Data;
using Latent.Engine;
using Latent.Models;

namespace Latent.Training;

/// <summary>What the loop needs of an engine: updates and validations. The loop is all that surrounds them.</summary>
internal interface ITrainingSteps : IDisposable
{
    OptimizerState? Optimizer { get; }

    /// <summary>One update on some rows of the training images; gives the batch's loss before it.</summary>
    double Step(ReadOnlySpan<int> rows, double factor);

    /// <summary>The loss of the validation images, or null where there are none.</summary>
    double? Evaluate();

    /// <summary>The metrics that the options name on the validation images; nothing where there are none.</summary>
    double[] Measure();
}

/// <summary>The steps of the engine.</summary>
internal sealed class EngineSteps(Autoencoder model, SampleSet train, SampleSet? validation, TrainingOptions options) : ITrainingSteps
{
    private readonly TrainingProgram _program = new(model.Weights, options.Loss, options.Optimizer, options.Threads, options.Seed)
    {
        Noise = options.Noise,
        Augmentation = options.Augmentation is { IsNothing: false } augmentation ? augmentation : null,
    };
    private readonly SampleSet? _validation = validation?.Take(options.ValidationCount(validation.Count)),
        _validationTargets = validation is null ? null : options.ValidationTargets?.Take(options.ValidationCount(validation.Count));

    public OptimizerState Optimizer => _program.Optimizer;

    public double Step(ReadOnlySpan<int> rows, double factor) => _program.Step(train, rows, factor, options.Targets);

    public double? Evaluate() => _validation is null ? null : _program.Evaluate(_validation, _validationTargets);

    public double[] Measure() =>
        _validation is null || options.Metrics.Count == 0
            ? []
            : ValidationMetrics.Of(options.Metrics, model, _validation, _validationTargets, options.Noise, options.Seed);

    public void Dispose() => _program.Dispose();
}
