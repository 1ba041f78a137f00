using Latent.Data;
using Latent.Engine;
using Latent.Models;

namespace Latent.Training;

/// <summary>Finds all that is wrong with training options, so that one message can say it.</summary>
internal static class OptionProblems
{
    public static List<string> Of(TrainingOptions options)
    {
        var problems = new List<string>();
        AtLeast(problems, "BatchSize", options.BatchSize, 1);
        if (options.Steps is long steps)
            AtLeast(problems, "Steps", steps, 1);
        else
            AtLeast(problems, "Epochs", options.Epochs, 1);
        AtLeast(problems, "Threads", options.Threads, 0);
        options.Optimizer.Check(new(options.Optimizer.GetType().Name, problems));
        options.Loss.Check(new(options.Loss.GetType().Name, problems));
        options.Schedule.Check(new(options.Schedule.GetType().Name, problems));
        options.Noise?.Check(new(options.Noise.GetType().Name, problems));
        options.Augmentation?.Check(new(nameof(Augmentation), problems));
        problems.AddRange(ValidationMetrics.Problems(options.Metrics));
        foreach (var callback in options.Callbacks)
        {
            if (callback is SwapEMAWeights && !options.Optimizer.UseEma)
                problems.Add($"SwapEMAWeights needs averages: set UseEma of the optimizer {options.Optimizer.GetType().Name}.");
            if (callback is ReduceLROnPlateau or LearningRateScheduler && options.Schedule is LearningRateSchedule)
                problems.Add(
                    $"{callback.GetType().Name} cannot change the learning rate: the schedule {options.Schedule.GetType().Name} gives it."
                );
        }
        for (int i = 0; i < options.Callbacks.Count; i++)
        for (int j = 0; j < i; j++)
            if (ReferenceEquals(options.Callbacks[i], options.Callbacks[j]))
                problems.Add($"Callbacks has the same {options.Callbacks[i].GetType().Name} twice.");
        foreach (var callback in options.Callbacks)
            problems.AddRange(callback.Problems());
        return problems;
    }

    public static List<string> Of(TrainingOptions options, Autoencoder model, SampleSet train, SampleSet? validation)
    {
        var problems = Of(options);
        problems.AddRange(ValidationMetrics.Problems(options.Metrics, model.OutputShape));
        Fits(problems, "The training images", train, model.ImageShape);
        if (validation is not null)
            Fits(problems, "The validation images", validation, model.ImageShape);
        Matches(problems, "Targets", options.Targets, train, model);
        if (validation is not null)
            Matches(problems, "ValidationTargets", options.ValidationTargets, validation, model);
        else if (options.ValidationTargets is not null)
            problems.Add("ValidationTargets are given without validation images.");
        if (problems.Count == 0 && options.OptimizerState is { } memory)
        {
            if (memory.Optimizer with { LearningRate = options.Optimizer.LearningRate } != options.Optimizer)
                problems.Add($"OptimizerState is of {memory.Optimizer}; Optimizer is {options.Optimizer}.");
            else if (new OptimizerState(options.Optimizer, model.Weights.Layout).Misfit(memory) is { } other)
                problems.Add(other);
        }
        if (options.Noise?.Misfit(model.ImageShape) is { } noise)
            problems.Add(noise);
        if (options.Augmentation?.Misfit(model.ImageShape, model.OutputShape) is { } augmentation)
            problems.Add(augmentation);
        if (options.Loss.Misfit(model.OutputShape) is { } misfit)
            problems.Add(misfit);
        if (options.Targets is not null && validation is not null && options.ValidationTargets is null && model.GivesImages)
            problems.Add("Targets are given and ValidationTargets are not: the two losses would measure different things.");
        return problems;
    }

    public static void Throw(List<string> problems)
    {
        if (problems.Count == 1)
            throw new LatentException($"The training cannot start. {problems[0]}");
        if (problems.Count > 1)
            throw new LatentException($"The training cannot start, for {problems.Count} reasons:\n- {string.Join("\n- ", problems)}");
    }

    private static void Fits(List<string> problems, string what, SampleSet images, Networks.Shape shape)
    {
        if (images.Shape != shape)
            problems.Add($"{what} are {images.Shape}; the model takes {shape}.");
    }

    private static void Matches(List<string> problems, string name, SampleSet? targets, SampleSet inputs, Autoencoder model)
    {
        if (targets is null)
        {
            if (!model.GivesImages)
                problems.Add($"{name} are needed: the model takes {model.ImageShape} and gives {model.OutputShape}.");
            return;
        }
        if (targets.Count != inputs.Count)
            problems.Add($"{name} has {targets.Count} samples; there are {inputs.Count} inputs.");
        if (targets.Shape != model.OutputShape)
            problems.Add($"{name} has samples of {targets.Shape}; the model gives {model.OutputShape}.");
    }

    private static void AtLeast(List<string> problems, string name, long value, long least)
    {
        if (value < least)
            problems.Add($"{name} must be at least {least}; it is {value}.");
    }
}
