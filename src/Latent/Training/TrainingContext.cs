using Latent.Data;
using Latent.Engine;
using Latent.Models;

namespace Latent.Training;

/// <summary>What a callback sees of the training, and how it acts on it. One object for the whole training; not thread-safe.</summary>
public sealed class TrainingContext
{
    private readonly List<string> _warnings;
    private float _baseLearningRate;

    internal TrainingContext(Autoencoder model, TrainingOptions options, OptimizerState? optimizer, List<string> warnings)
    {
        (Model, Options, Optimizer, _warnings) = (model, options, optimizer, warnings);
        _baseLearningRate = options.Optimizer.LearningRate;
    }

    /// <summary>The model being trained. Its weights may be changed; call Touch on them after it.</summary>
    public Autoencoder Model { get; }

    /// <summary>The options of the training.</summary>
    public TrainingOptions Options { get; }

    /// <summary>The optimizer's memory and its count of steps; null where the training has no optimizer of the engine's.</summary>
    public OptimizerState? Optimizer { get; }

    /// <summary>The current epoch, from 0 as in Keras.</summary>
    public int Epoch { get; internal set; }

    /// <summary>The most epochs there can be.</summary>
    public int Epochs { get; internal init; }

    /// <summary>The current step within the epoch, from 0 as in Keras.</summary>
    public int Batch { get; internal set; }

    /// <summary>Steps done since the start of the training.</summary>
    public long Step { get; internal set; }

    /// <summary>All steps of the training, if no callback ends it sooner.</summary>
    public long TotalSteps { get; internal init; }

    /// <summary>
    /// The rate that the schedule shapes: at first the optimizer's own. A callback may set it, to a number of at least 0; it holds from the next
    /// step on and is part of the training's state.
    /// </summary>
    /// <exception cref="LatentException">
    /// It is set to something else, or the schedule is a <see cref="LearningRateSchedule"/>, which gives the rate itself.
    /// </exception>
    public float BaseLearningRate
    {
        get => _baseLearningRate;
        set
        {
            if (!(value >= 0) || !float.IsFinite(value))
                throw new LatentException($"The learning rate of epoch {Epoch + 1} is out of range.", "a number of at least 0", $"{value}");
            if (Options.Schedule is LearningRateSchedule schedule)
                throw new LatentException(
                    $"The learning rate cannot be changed: the schedule '{schedule.Name}' gives it.",
                    fix: "use a schedule that shapes the optimizer's own rate, such as ConstantSchedule"
                );
            _baseLearningRate = value;
        }
    }

    /// <summary>The rate of the last step: the base rate times the schedule's factor, or the one that the schedule gives.</summary>
    public double LearningRate { get; internal set; }

    /// <summary>
    /// The numbers so far: at the end of a batch "loss" (the epoch's running mean), at the end of an epoch also "val_loss" where there are
    /// validation images. Numbers that a callback adds at the end of an epoch are seen by the callbacks after it and go into the history.
    /// </summary>
    public IDictionary<string, double> Logs { get; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>The epochs that are finished, the current one from its end on.</summary>
    public IReadOnlyList<EpochResult> History { get; internal init; } = [];

    /// <summary>The epoch with the lowest validation loss so far, from 1; without validation the last one; 0 before the first has ended.</summary>
    public int BestEpoch { get; internal set; }

    /// <summary>The lowest validation loss so far; null where there is none.</summary>
    public double? BestValLoss { get; internal set; }

    /// <summary>Set it to end the training: after the current step where it is set in a batch, else after the current epoch.</summary>
    public bool StopTraining { get; set; }

    /// <summary>Whether the training goes on from a saved state, which is restored after <see cref="Callback.OnTrainBegin"/>.</summary>
    public bool Resumed { get; internal init; }

    /// <summary>Time spent training so far, in processes before this one too.</summary>
    public TimeSpan Elapsed => TimeSpan.FromSeconds(SecondsBefore) + Options.Clock.GetElapsedTime(Started);

    /// <summary>The images that each epoch is judged by; null without such images.</summary>
    public SampleSet? Validation { get; internal init; }

    /// <summary>Whether the averages of the weights are in the model, and the weights in the optimizer's memory.</summary>
    internal bool AveragesInModel { get; set; }

    /// <summary>Whether the validation sees the averages of the weights.</summary>
    internal bool ValidatesAverages => Callbacks.Any(c => c is SwapEMAWeights);

    internal bool NotANumber { get; set; }

    /// <summary>All callbacks in the order they are called.</summary>
    internal IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>The clock's timestamp at the start of this process's part.</summary>
    internal long Started { get; init; }

    /// <summary>Seconds trained in processes before this one.</summary>
    internal double SecondsBefore { get; init; }

    /// <summary>The epoch that has begun and not ended; null between two epochs.</summary>
    internal EpochInProgress? Current { get; set; }

    /// <summary>The checksums of the images, for who resumes; empty where nothing is recorded.</summary>
    internal IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The loss of each step where it is kept.</summary>
    internal IReadOnlyList<double> StepLosses { get; init; } = [];

    /// <summary>What was warned of.</summary>
    internal IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The epoch at whose end the model's weights were made, from 1; 0 where they are between two epochs' ends.</summary>
    internal int WeightsOfEpoch { get; set; }

    /// <summary>The weights of the best epoch where the training keeps them, else null.</summary>
    internal WeightStore? BestWeights { get; set; }

    /// <summary>Changes the weights in the model for their averages, or back.</summary>
    internal void SwapAverages()
    {
        if (Optimizer is null)
            return;
        Span<float> weights = Model.Weights.Values,
            averages = Optimizer.Averages;
        foreach (var p in Model.Weights.Layout.Parameters.Where(p => p.Weight.Trainable)) // moving statistics are averages already
            for (int i = p.Offset; i < p.Offset + p.Count; i++)
                (weights[i], averages[i]) = (averages[i], weights[i]);
        Model.Weights.Touch();
        AveragesInModel = !AveragesInModel;
    }

    /// <summary>Does something while the model has the averages, or the weights themselves.</summary>
    internal void With(bool averages, Action act)
    {
        bool others = AveragesInModel != averages;
        if (others)
            SwapAverages();
        act();
        if (others)
            SwapAverages();
    }

    /// <summary>Says in the model which epoch its weights are from, and how good it was.</summary>
    internal void Describe() =>
        Model.Info = Model.Info with
        {
            Epoch = WeightsOfEpoch > 0 ? WeightsOfEpoch : null,
            ValLoss = WeightsOfEpoch > 0 ? History[WeightsOfEpoch - 1].ValLoss : null,
        };

    /// <summary>Writes the model as it is now, with its epoch and its validation loss.</summary>
    /// <exception cref="LatentException">The file cannot be written.</exception>
    public void SaveModel(string path)
    {
        Describe();
        if (AveragesInModel != ValidatesAverages)
            Model.Info = Model.Info with { ValLoss = null }; // it is of other weights
        Model.Save(path);
    }

    /// <summary>Tells the user something, without ending the training.</summary>
    /// <param name="message">One sentence.</param>
    public void Warn(string message)
    {
        _warnings.Add(message);
        Options.OnWarning?.Invoke(message);
    }
}
