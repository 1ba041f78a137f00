using Latent.Data;
using Latent.Models;

namespace Latent.Training;

/// <summary>Trains an autoencoder.</summary>
public static class Trainer
{
    /// <summary>Trains a model on images, in place.</summary>
    /// <param name="model">Its weights are changed; it must not be used by another thread meanwhile.</param>
    /// <param name="train">The images to learn from.</param>
    /// <param name="validation">The images that each epoch is judged by; null for none.</param>
    /// <param name="options">Everything else. With a <see cref="RunRecorder"/> among its callbacks, <see cref="Resume"/> can go on from any stop.</param>
    /// <param name="progress">Receives reports, on the training's thread if it does not move them itself.</param>
    /// <param name="cancellation">
    /// Ends the training after the step it is in. The result is that of a shorter training; nothing is thrown.
    /// </param>
    /// <exception cref="LatentException">Options are out of range, or images do not fit the model: all problems at once.</exception>
    public static TrainingResult Fit(
        this Autoencoder model,
        SampleSet train,
        SampleSet? validation,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        OptionProblems.Throw(OptionProblems.Of(options, model, train, validation));
        // what is known of another training no longer holds
        model.Info = model.Info with
        {
            DataSet = train.Name,
            LabelNames = (train as ImageSet)?.LabelNames ?? [],
            Recipe = options.RecipeName,
            Loss = options.Loss.Name,
            Noise = options.Noise,
            ValLoss = null,
            Epoch = null,
            Calibrated = false,
            Codec = model.Info.Codec is { } codec ? codec with { Threshold = null, Score = ScoreKind.Error, Spread = null } : null,
            Codes = null,
        };
        return Run(model, train, validation, options, progress, from: null, cancellation);
    }

    /// <summary>Trains a model to give other things than its inputs back: masks for images, clean images for noisy ones.</summary>
    /// <param name="model">Its weights are changed; it must not be used by another thread meanwhile.</param>
    /// <param name="inputs">What the model is given.</param>
    /// <param name="targets">What it shall give for each of them.</param>
    /// <param name="validationInputs">What each epoch is judged by; null for nothing.</param>
    /// <param name="validationTargets">The targets of these; null where there are none.</param>
    /// <param name="options">Everything else; <see cref="TrainingOptions.Targets"/> and <see cref="TrainingOptions.ValidationTargets"/> are replaced.</param>
    /// <param name="progress">Receives reports, on the training's thread if it does not move them itself.</param>
    /// <param name="cancellation">Ends the training after the step it is in. The result is that of a shorter training; nothing is thrown.</param>
    /// <exception cref="LatentException">Options are out of range, or a shape or a count does not fit: all problems at once.</exception>
    public static TrainingResult Fit(
        this Autoencoder model,
        SampleSet inputs,
        SampleSet targets,
        SampleSet? validationInputs,
        SampleSet? validationTargets,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default
    ) =>
        model.Fit(
            inputs,
            validationInputs,
            options with
            {
                Targets = targets,
                ValidationTargets = validationTargets,
            },
            progress,
            cancellation
        );

    /// <summary>
    /// Goes on with the training of a run folder, from its last state to the end. The weights, the history and the best epoch are to the bit
    /// those of a training that was never interrupted.
    /// </summary>
    /// <param name="run">The run folder, which a <see cref="RunRecorder"/> wrote.</param>
    /// <param name="train">The images that it was trained on.</param>
    /// <param name="validation">The images that it was validated with; null for none.</param>
    /// <param name="options">
    /// Null takes the options from the run; needed where targets or callbacks of your own are among them. See <see cref="SavedTraining.Resume"/>
    /// for what may differ.
    /// </param>
    /// <param name="progress">Receives reports, on the training's thread if it does not move them itself.</param>
    /// <param name="cancellation">Ends the training after the step it is in; it can be resumed again.</param>
    /// <returns>The model and the result; a training that had ended already gives its end again.</returns>
    /// <exception cref="LatentException">
    /// There is no such run, another training writes to it, its state is damaged, or the images or options are not those it was trained with.
    /// </exception>
    public static ResumedTraining Resume(
        string run,
        SampleSet train,
        SampleSet? validation,
        TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        using var saved = SavedTraining.Open(run);
        var result = saved.Resume(train, validation, options, progress, cancellation);
        return new(saved.Model, result);
    }

    internal static TrainingResult Run(
        Autoencoder model,
        SampleSet train,
        SampleSet? validation,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress,
        TrainingState? from,
        CancellationToken cancellation
    )
    {
        using var steps = new EngineSteps(model, train, validation, options);
        int validationImages = validation is null ? 0 : options.ValidationCount(validation.Count);
        var checksums = options.Callbacks.Any(c => c is RunRecorder) ? ImageChecksums.Of(train, validation, options) : null;
        var loop = new TrainingLoop(
            model,
            steps,
            train.Count,
            validationImages,
            options,
            progress,
            checksums,
            from,
            cancellation,
            validation
        );
        return loop.Run(() => options.Calibrate && Calibration.Apply(model, train));
    }
}
