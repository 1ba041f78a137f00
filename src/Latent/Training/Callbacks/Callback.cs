namespace Latent.Training;

/// <summary>
/// Code that runs as a training goes: derive from it and override what is needed. The order is Keras's: train begin; for each epoch: epoch
/// begin; for each batch: batch begin, batch end; validation begin, validation end; epoch end; then train end. Callbacks of one training are called one after the
/// other, on the training's thread, in the order of <see cref="TrainingOptions.Callbacks"/>.
/// </summary>
public abstract class Callback
{
    /// <summary>Before the first epoch. A callback that is used again starts anew here.</summary>
    public virtual void OnTrainBegin(TrainingContext context) { }

    /// <summary>Before an epoch's first batch.</summary>
    public virtual void OnEpochBegin(TrainingContext context) { }

    /// <summary>Before a step.</summary>
    public virtual void OnBatchBegin(TrainingContext context) { }

    /// <summary>After a step; the logs have "loss", the running mean of the epoch.</summary>
    public virtual void OnBatchEnd(TrainingContext context) { }

    /// <summary>Before the validation of an epoch; not called without validation images.</summary>
    public virtual void OnValidationBegin(TrainingContext context) { }

    /// <summary>
    /// After the validation of an epoch; the logs have "loss" and "val_loss", the best weights are remembered. Not called without validation
    /// images.
    /// </summary>
    public virtual void OnValidationEnd(TrainingContext context) { }

    /// <summary>After an epoch and its validation; the logs have "loss" and, with validation images, "val_loss".</summary>
    public virtual void OnEpochEnd(TrainingContext context) { }

    /// <summary>After the last epoch, also when the training was stopped or cancelled. The model still has its last weights.</summary>
    public virtual void OnTrainEnd(TrainingContext context) { }

    /// <summary>
    /// After all of it: the model has the weights that the caller gets, the best ones where they are kept, calibrated where that was asked for.
    /// </summary>
    public virtual void OnFinished(TrainingContext context, TrainingResult result) { }

    /// <summary>What is wrong with the callback's options, a sentence each; nothing when all is well.</summary>
    public virtual IEnumerable<string> Problems() => [];

    /// <summary>
    /// What a callback of your own is and does, in one line for run.json: its name and its options. A training is resumed only with callbacks
    /// of the same descriptions.
    /// </summary>
    public virtual string Description => GetType().Name;

    /// <summary>Whether it only writes down what happens: then it is no option of the training, which goes on with it or without it.</summary>
    internal virtual bool OnlyRecords => false;

    /// <summary>
    /// Puts all that the callback remembers into <paramref name="state"/>, for an exact resume. Called after an epoch's end and, where the
    /// state is saved within epochs, after a batch's.
    /// </summary>
    public virtual void SaveState(CallbackState state) { }

    /// <summary>
    /// Takes back what <see cref="SaveState"/> put there. Called after <see cref="OnTrainBegin"/>, which sees
    /// <see cref="TrainingContext.Resumed"/>; where the training goes on within an epoch, <see cref="OnEpochBegin"/> is not called again.
    /// </summary>
    public virtual void LoadState(CallbackState state, TrainingContext context) { }
}
