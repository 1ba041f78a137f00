using Latent.Data;
using Latent.Engine;
using Latent.Models;

namespace Latent.Training;

/// <summary>One training: epochs of steps, validations, callbacks in Keras's order, reports. Used once.</summary>
internal sealed class TrainingLoop
{
    private readonly Autoencoder _model;
    private readonly ITrainingSteps _steps;
    private readonly TrainingOptions _options;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _cancellation;
    private readonly Callback[] _callbacks;
    private readonly TrainingContext _context;
    private readonly ProgressReporter? _reporter;
    private readonly List<EpochResult> _history = [];
    private readonly List<string> _warnings = [];
    private readonly List<double> _stepLosses = [];
    private readonly TrainingState? _from;
    private readonly int[] _order;
    private readonly int _batchSize,
        _stepsPerEpoch;
    private readonly long _total;
    private readonly bool _validates;
    private bool _cancelled;

    public TrainingLoop(
        Autoencoder model,
        ITrainingSteps steps,
        int images,
        int validationImages,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress,
        IReadOnlyDictionary<string, string>? checksums,
        TrainingState? from,
        CancellationToken cancellation,
        SampleSet? validation = null
    )
    {
        (_model, _steps, _options, _clock, _cancellation) = (model, steps, options, options.Clock, cancellation);
        // stable: what is recorded includes what the others did; snapshots, which a run can do without, must not take the disk's last room
        _callbacks =
        [
            .. options.Callbacks.OrderBy(c =>
                c is SnapshotRecorder ? 2
                : c is RunRecorder ? 1
                : 0
            ),
        ];
        _order = new int[images];
        _batchSize = Math.Min(options.BatchSize, images);
        _stepsPerEpoch = options.StepsPerEpoch(images);
        _total = options.TotalSteps(images);
        int epochs = (int)Math.Min(int.MaxValue, (_total + _stepsPerEpoch - 1) / _stepsPerEpoch);
        _from = from;
        _context = new(model, options, steps.Optimizer, _warnings)
        {
            Resumed = from is not null,
            SecondsBefore = from?.Seconds ?? 0,
            StepLosses = _stepLosses,
            Images = checksums ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Epochs = epochs,
            TotalSteps = _total,
            Validation = validation,
            History = _history,
            Callbacks = _callbacks,
            Started = _clock.GetTimestamp(),
        };
        _validates = validationImages > 0;
        if (progress is not null)
            _reporter = new(progress, _context, _batchSize, validationImages);
    }

    /// <summary>Trains.</summary>
    /// <param name="finish">Called with the weights that the caller gets, before the last callbacks; says whether it calibrated them.</param>
    public TrainingResult Run(Func<bool>? finish = null)
    {
        RunRecorder[] recorders = [.. _callbacks.OfType<RunRecorder>()];
        try
        {
            foreach (var recorder in recorders)
                recorder.Lock();
            return Run(recorders, finish);
        }
        finally
        {
            foreach (var recorder in recorders)
                recorder.Unlock();
        }
    }

    private TrainingResult Run(RunRecorder[] recorders, Func<bool>? finish)
    {
        _model.Info = _model.Info with { Calibrated = false };
        if (_from is null && _options.OptimizerState is { } memory)
            _context.Optimizer?.CopyFrom(memory);
        _from?.Restore(_context, _history, _stepLosses, _warnings);
        foreach (var callback in _callbacks)
            callback.OnTrainBegin(_context);
        _from?.RestoreCallbacks(_context);
        while (GoesOn && !Cancelled())
            RunEpoch();
        foreach (var recorder in recorders)
            if (_cancelled || recorder.IsGone) // from here on the weights are no longer those to go on from
                recorder.SaveState(_context);
        TakeAverages();
        foreach (var callback in _callbacks)
            callback.OnTrainEnd(_context);
        KeepBest();
        bool calibrated = finish?.Invoke() ?? false;
        _model.Info = _model.Info with { Calibrated = calibrated };
        var result = new TrainingResult
        {
            History = [.. _history],
            BestEpoch = _context.BestEpoch,
            BestValLoss = _context.BestValLoss,
            Stopped =
                _cancelled ? StopReason.Cancelled
                : _context.NotANumber ? StopReason.NotANumber
                : _context.StopTraining && _context.Step < _total ? StopReason.Early
                : StopReason.Finished,
            Steps = _context.Step,
            Seconds = _context.Elapsed.TotalSeconds,
            StepLosses = _stepLosses,
            Warnings = _warnings,
            Calibrated = calibrated,
        };
        foreach (var callback in _callbacks)
            callback.OnFinished(_context, result);
        return result;
    }

    /// <summary>An epoch that has begun is ended, also where its last step was the training's last or a callback stopped it.</summary>
    private bool GoesOn => _context.Current is not null || (_context.Step < _total && !_context.StopTraining);

    private void RunEpoch()
    {
        var epoch = _context.Current ?? BeginEpoch();
        int steps = (int)Math.Min(_stepsPerEpoch, _total - (_context.Step - epoch.Batches));
        Order();
        _reporter?.BeginEpoch(steps);
        if (!RunSteps(epoch, steps))
            return; // cancelled within the epoch, which does not count
        _context.WeightsOfEpoch = _context.Epoch + 1;
        if (_validates)
            foreach (var callback in _callbacks)
                callback.OnValidationBegin(_context);
        double? validation = _steps.Evaluate();
        _context.Logs["loss"] = epoch.Loss;
        if (validation is double value)
            _context.Logs["val_loss"] = value;
        foreach (var (name, metric) in _options.Metrics.Zip(_steps.Measure()))
            _context.Logs[$"val_{name}"] = metric;
        Remember(epoch.Loss, validation, epoch.Seconds(_clock));
        if (_validates)
            foreach (var callback in _callbacks)
                callback.OnValidationEnd(_context);
        _context.Current = null;
        foreach (var callback in _callbacks)
        {
            callback.OnEpochEnd(_context);
            _history[^1] = _history[^1] with { Metrics = Metrics() }; // what it added is seen by those after it
        }
        _reporter?.EndEpoch(_history[^1]);
    }

    private EpochInProgress BeginEpoch()
    {
        var epoch = new EpochInProgress { Started = _clock.GetTimestamp() };
        _context.Epoch = _history.Count;
        _context.Logs.Clear();
        foreach (var callback in _callbacks)
            callback.OnEpochBegin(_context);
        return _context.Current = epoch;
    }

    /// <summary>The steps of an epoch that are left; false where it was cancelled.</summary>
    private bool RunSteps(EpochInProgress epoch, int steps)
    {
        while (epoch.Batches < steps && !(_context.StopTraining && epoch.Batches > 0)) // an epoch has at least one
        {
            if (Cancelled())
                return false;
            int step = _context.Batch = epoch.Batches;
            foreach (var callback in _callbacks)
                callback.OnBatchBegin(_context);
            var rows = _order.AsSpan(step * _batchSize, Math.Min(_batchSize, _order.Length - step * _batchSize));
            double own = _options.Optimizer.LearningRate,
                factor = _options.Schedule.Factor(_context.Step, _total, own);
            _context.LearningRate = _context.BaseLearningRate * factor;
            double loss = _steps.Step(rows, factor * (_context.BaseLearningRate / own));
            _context.WeightsOfEpoch = 0;
            epoch.LossSum += loss * rows.Length;
            epoch.Images += rows.Length;
            epoch.Batches++;
            _context.Step++;
            if (_options.LogSteps)
                _stepLosses.Add(loss);
            _context.Logs["loss"] = epoch.Loss;
            foreach (var callback in _callbacks)
                callback.OnBatchEnd(_context);
            _reporter?.Step(epoch.Loss, loss, rows.Length);
        }
        return true;
    }

    /// <summary>The order of an epoch's rows depends on the seed and the epoch alone, so that any epoch's can be made again.</summary>
    private void Order()
    {
        for (int i = 0; i < _order.Length; i++)
            _order[i] = i;
        if (_options.Shuffle)
            new RandomStream(_options.Seed, $"shuffle/{_history.Count}").Shuffle<int>(_order);
    }

    private void Remember(double loss, double? validation, double seconds)
    {
        if (!_context.NotANumber && !double.IsFinite(loss) && (_history.Count == 0 || double.IsFinite(_history[^1].Loss)))
            _context.Warn(
                $"The loss of epoch {_context.Epoch + 1} is {loss}: from here on nothing is learned. TerminateOnNaN ends such a training."
            );
        int epoch = _context.Epoch + 1;
        _history.Add(new(epoch, loss, validation, _context.LearningRate, seconds, Metrics()));
        bool best = validation is null || (!double.IsNaN(validation.Value) && !(_context.BestValLoss <= validation));
        if (!best)
            return;
        (_context.BestEpoch, _context.BestValLoss) = (epoch, validation);
        if (_options.KeepBest && validation is not null)
            (_context.BestWeights ??= new(_model.Weights.Layout)).CopyFrom(_model.Weights);
    }

    private Dictionary<string, double> Metrics() =>
        _context.Logs.Where(log => log.Key is not ("loss" or "val_loss" or "learning_rate")).ToDictionary(StringComparer.Ordinal);

    /// <summary>As in Keras a training with averages ends with them in the model.</summary>
    private void TakeAverages()
    {
        if (_context.Optimizer is not { Optimizer.UseEma: true, Steps: > 0 } optimizer)
            return;
        if (!_context.AveragesInModel)
            _context.SwapAverages();
        if (!_context.ValidatesAverages)
            _context.WeightsOfEpoch = 0;
    }

    private void KeepBest()
    {
        if (_context.BestWeights is not null)
        {
            _model.Weights.CopyFrom(_context.BestWeights);
            _context.WeightsOfEpoch = _context.BestEpoch;
        }
        _context.AveragesInModel = _context.ValidatesAverages;
        _context.Describe();
    }

    private bool Cancelled() => _cancelled |= _cancellation.IsCancellationRequested;
}
