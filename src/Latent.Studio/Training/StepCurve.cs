using System.Collections.Immutable;

namespace Latent.Studio.Training;

/// <summary>The loss within the epochs, as a curve to draw. Immutable.</summary>
/// <param name="Epochs">Where each point is, in epochs from the start: 1.5 is in the middle of the second.</param>
/// <param name="Losses">The mean loss of the steps since the point before.</param>
/// <param name="Thinned">How often the curve was thinned: while that stays the same, points are only added.</param>
public sealed record StepCurve(ImmutableArray<double> Epochs, ImmutableArray<double> Losses, int Thinned)
{
    /// <summary>No points.</summary>
    public static StepCurve Empty { get; } = new([], [], 0);
}

/// <summary>
/// Makes a curve of the reports of a training. A report has the epoch's mean so far, so that two of them give the mean of the steps between:
/// a smooth curve of a few points a second, which costs the training nothing. Not thread-safe.
/// </summary>
internal sealed class StepCurveBuilder
{
    /// <summary>Points at most, an odd number: with one more there are pairs alone, and each becomes one.</summary>
    public const int Most = 1999;

    private readonly List<double> _epochs = [],
        _losses = [];
    private int _thinned,
        _epoch,
        _step,
        _reports;
    private double _sum,
        _pendingSum,
        _pendingSteps;
    private bool _sumKnown = true;

    /// <summary>Goes on within an epoch of which only the later part will be reported.</summary>
    public void GoOn() => (_epoch, _sumKnown) = (0, false);

    /// <summary>Adds the steps since the last report.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="step">Steps done in it.</param>
    /// <param name="steps">Steps of it.</param>
    /// <param name="mean">The mean loss of its steps so far.</param>
    public void Add(int epoch, int step, int steps, double mean)
    {
        if (epoch != _epoch)
        {
            if (_epoch > 0)
                _sumKnown = true;
            (_epoch, _step, _sum) = (epoch, 0, 0);
        }
        if (step <= _step)
            return;
        double sum = mean * step,
            added = sum - _sum,
            count = step - _step;
        bool known = _sumKnown;
        (_step, _sum, _sumKnown) = (step, sum, true);
        if (!known || !double.IsFinite(added))
            return;
        (_pendingSum, _pendingSteps, _reports) = (_pendingSum + added, _pendingSteps + count, _reports + 1);
        if (_reports < 1 << _thinned)
            return; // a point stands for as many reports as the points before it do
        _epochs.Add(epoch - 1 + (double)step / steps);
        _losses.Add(_pendingSum / _pendingSteps);
        (_pendingSum, _pendingSteps, _reports) = (0, 0, 0);
        if (_epochs.Count > Most)
            Thin();
    }

    /// <summary>The curve so far.</summary>
    public StepCurve Build() => new([.. _epochs], [.. _losses], _thinned);

    private void Thin()
    {
        int half = _epochs.Count / 2;
        for (int i = 0; i < half; i++)
        {
            _epochs[i] = _epochs[2 * i + 1];
            _losses[i] = (_losses[2 * i] + _losses[2 * i + 1]) / 2;
        }
        _epochs.RemoveRange(half, _epochs.Count - half);
        _losses.RemoveRange(half, _losses.Count - half);
        _thinned++;
    }
}
