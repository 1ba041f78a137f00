using Latent.Data;
using Latent.Engine;

namespace Latent.Training;

/// <summary>All that a training is told beside its model and its images. Immutable, but the callbacks in it have a memory of their own.</summary>
public sealed record TrainingOptions
{
    /// <summary>How gradients change weights. Default: RMSprop with Keras's numbers.</summary>
    public Optimizer Optimizer { get; init; } = new RMSprop();

    /// <summary>
    /// The memory and the count of steps that the optimizer begins with, of a training elsewhere; they are copied. Null to begin without any.
    /// Its optimizer is of the same kind with the same options, but for the learning rate, and its layout is that of the model's weights. A run
    /// that is resumed has its own.
    /// </summary>
    public OptimizerState? OptimizerState { get; init; }

    /// <summary>What is made small. Default: the mean squared error.</summary>
    public Loss Loss { get; init; } = new MeanSquaredError();

    /// <summary>
    /// What is measured beside the loss on the validation images after each epoch, some of <see cref="ValidationMetrics.Names"/>: "val_psnr" and
    /// the like in the logs and the history, which callbacks may watch. Default: nothing.
    /// </summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>The factor of the learning rate over all steps of the training. Default: always 1.</summary>
    public Schedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>Images per update, at least 1. A set with fewer images is one batch of what there is.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The most times that all images are seen, at least 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>
    /// So many updates in all, in place of <see cref="Epochs"/>; null for whole epochs. The last epoch may end before its images do: it is
    /// validated and closes the training.
    /// </summary>
    public long? Steps { get; init; }

    /// <summary>Whether the images come in a new order each epoch; else always in their own.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Whether an epoch leaves out the last images where they do not fill a batch.</summary>
    public bool DropRemainder { get; init; }

    /// <summary>Whether the validation leaves out the last images where they do not fill a batch.</summary>
    public bool ValidationDropRemainder { get; init; }

    /// <summary>The seed of the order of the images. The same seed gives the same bits.</summary>
    public long Seed { get; init; }

    /// <summary>Threads to use, 0 for one per core. The results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Called as the training goes, in this order.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>
    /// What the outputs for the training images are compared with, sample by sample, of the shape of the model's outputs; null for the images
    /// themselves.
    /// </summary>
    public SampleSet? Targets { get; init; }

    /// <summary>The same for the validation images.</summary>
    public SampleSet? ValidationTargets { get; init; }

    /// <summary>
    /// What is done to the inputs and not to what the outputs are compared with, so that the model learns to undo it; null for nothing. It is
    /// drawn anew in each step, and once for the validation images, so that the losses of two epochs can be compared.
    /// </summary>
    public InputNoise? Noise { get; init; }

    /// <summary>What is done to the training images and their targets alike, drawn anew in each step; null for nothing.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>
    /// Whether the model has the weights of the epoch with the lowest validation loss at the end, and not the last ones. Without validation
    /// images the last ones stay.
    /// </summary>
    public bool KeepBest { get; init; }

    /// <summary>Whether the code is shifted and scaled at the end until most of it lies within ±4; see <see cref="Calibration"/>.</summary>
    public bool Calibrate { get; init; }

    /// <summary>Whether <see cref="TrainingResult.StepLosses"/> has the loss of every step.</summary>
    public bool LogSteps { get; init; }

    /// <summary>The recipe that the options are from; null for options of one's own.</summary>
    public string? RecipeName { get; init; }

    /// <summary>Receives warnings as they arise, one sentence each; they also stand in the result.</summary>
    public Action<string>? OnWarning { get; init; }

    /// <summary>Where seconds come from.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Steps of one epoch over so many images.</summary>
    /// <param name="images">Training images, at least 1.</param>
    /// <returns>At least 1, also where there are fewer images than a batch has.</returns>
    public int StepsPerEpoch(int images) => Math.Max(1, DropRemainder ? images / BatchSize : (images + BatchSize - 1) / BatchSize);

    /// <summary>All steps of the training, as the schedule counts them, where no callback ends it sooner.</summary>
    /// <param name="images">Training images, at least 1.</param>
    public long TotalSteps(int images) => Steps ?? (long)Epochs * StepsPerEpoch(images);

    /// <summary>How many of so many validation images are used.</summary>
    public int ValidationCount(int images) => ValidationDropRemainder ? ImageSet.WholeBatches(images, BatchSize) : images;

    /// <summary>What is wrong with the options, a sentence each that begins with the option's name; nothing when all is well.</summary>
    public IReadOnlyList<string> Problems() => OptionProblems.Of(this);

    /// <summary>Throws where an option is out of range; the message has all problems at once.</summary>
    /// <exception cref="LatentException">At least one option is out of range.</exception>
    public void Validate() => OptionProblems.Throw(OptionProblems.Of(this));
}
