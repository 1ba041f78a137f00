namespace Latent.Training;

/// <summary>Reports where a training is, seldom enough to cost nothing, and estimates its pace and its end.</summary>
internal sealed class ProgressReporter(IProgress<TrainingProgress> progress, TrainingContext context, int batchSize, int validationImages)
{
    /// <summary>Steps of this process after which the estimate is worth showing: the first ones are slow, as code is still being compiled.</summary>
    private const int StepsToEstimate = 20;

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private readonly TimeProvider _clock = context.Options.Clock;
    private readonly Pace _pace = new();
    private long _epochStarted,
        _epochImages,
        _lastStep,
        _mark,
        _imagesSinceMark;
    private int _stepsInEpoch;
    private long _steps;
    private double _validationSeconds = -1,
        _stepLoss = double.NaN;

    public void BeginEpoch(int steps)
    {
        _stepsInEpoch = steps;
        _epochStarted = _lastStep = _mark = _clock.GetTimestamp();
        _epochImages = _imagesSinceMark = 0;
    }

    public void Step(double loss, double stepLoss, int images)
    {
        long now = _clock.GetTimestamp();
        _steps++;
        if (_steps <= StepsToEstimate)
            _pace.AddFirst(_clock.GetElapsedTime(_lastStep, now).TotalSeconds, images);
        _lastStep = now;
        _epochImages += images;
        _imagesSinceMark += images;
        var elapsed = _clock.GetElapsedTime(_mark, now);
        bool last = context.Batch + 1 == _stepsInEpoch;
        if (elapsed < s_interval && _steps != StepsToEstimate && !last)
            return;
        if (_steps > StepsToEstimate)
            _pace.Add(elapsed.TotalSeconds, _imagesSinceMark);
        (_mark, _imagesSinceMark) = (now, 0);
        _stepLoss = stepLoss;
        progress.Report(At(loss));
    }

    public void EndEpoch(EpochResult result)
    {
        // the mark was set at the last step's report, so this is the validation with the callbacks
        _validationSeconds = _clock.GetElapsedTime(_mark).TotalSeconds;
        progress.Report(
            At(result.Loss) with
            {
                ImagesPerSecond = EpochImagesPerSecond(),
                Remaining = Remaining(context.Epochs - context.Epoch - 1),
                Completed = result,
            }
        );
    }

    private TrainingProgress At(double loss) =>
        new()
        {
            Epoch = context.Epoch + 1,
            Epochs = context.Epochs,
            Step = context.Batch + 1,
            StepsInEpoch = _stepsInEpoch,
            TotalStep = context.Step,
            TotalSteps = context.TotalSteps,
            Loss = loss,
            StepLoss = _stepLoss,
            LearningRate = context.LearningRate,
            ImagesPerSecond = _pace.ImagesPerSecond,
            Elapsed = context.Elapsed,
            Remaining = Remaining(context.Epochs - context.Epoch),
            BestValLoss = context.BestValLoss,
        };

    /// <summary>The epoch's own mean over its steps, with whatever held them up.</summary>
    private double EpochImagesPerSecond() =>
        _clock.GetElapsedTime(_epochStarted, _lastStep).TotalSeconds is > 0 and var seconds ? _epochImages / seconds : 0;

    private TimeSpan? Remaining(int validations)
    {
        if (context.StopTraining || context.Step >= context.TotalSteps && validations == 0)
            return TimeSpan.Zero;
        if (_steps < StepsToEstimate && context.Step < context.TotalSteps)
            return null;
        // before the first validation: going forward alone is about a third of a step
        double validation = _validationSeconds >= 0 ? _validationSeconds : _pace.SecondsPerImage / 3 * validationImages;
        double seconds = (context.TotalSteps - context.Step) * _pace.SecondsPerImage * batchSize + validations * validation;
        return TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2));
    }
}
