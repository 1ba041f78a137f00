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
    /// <param name="options">Everything else.</param>
    /// <param name="progress">Receives reports, on the training's thread if it does not move them itself.</param>
    /// <param name="cancellation">
    /// Ends the training after the step it is in. The result is that of a shorter training; nothing is thrown.
    /// </param>
    /// <exception cref="LatentException">Options are out of range, or images do not fit the model: all problems at once.</exception>
    public static TrainingResult Fit(
        this Autoencoder model,
        ImageSet train,
        ImageSet? validation,
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
            LabelNames = train.LabelNames,
            Recipe = options.RecipeName,
            Loss = options.Loss.Name,
            ValLoss = null,
            Epoch = null,
            Calibrated = false,
        };
        using var steps = new EngineSteps(model, train, validation, options);
        int validationImages = validation is null ? 0 : options.ValidationCount(validation.Count);
        var loop = new TrainingLoop(model, steps, train.Count, validationImages, options, progress, cancellation);
        return loop.Run(() => options.Calibrate && Calibration.Apply(model, train));
    }
}
