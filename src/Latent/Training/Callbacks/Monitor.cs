namespace Latent.Training;

/// <summary>In which direction a monitored number gets better.</summary>
public enum MonitorMode
{
    /// <summary>By the name: "loss" and "val_loss" are better when lower; any other name is refused.</summary>
    Auto,

    /// <summary>Lower is better.</summary>
    Min,

    /// <summary>Higher is better.</summary>
    Max,
}

/// <summary>
/// Keras's rule of improvement, strict, in float32 as Keras compares: current + δ &lt; best where lower is better, current − δ &gt; best
/// where higher is. The first value is always an improvement, a NaN too, which nothing beats after it.
/// </summary>
internal sealed class ImprovementRule(string monitor, MonitorMode mode, double minDelta)
{
    private readonly float _delta = (float)Math.Abs(minDelta);

    public static IEnumerable<string> Problems(string callback, string monitor, MonitorMode mode)
    {
        if (string.IsNullOrWhiteSpace(monitor))
            yield return $"{callback}.Monitor must name a number of the logs, \"val_loss\" for example.";
        else if (mode == MonitorMode.Auto && monitor is not ("loss" or "val_loss"))
            yield return $"{callback} cannot know whether '{monitor}' is better low or high: set Mode to Min or Max.";
    }

    public bool IsImprovement(double current, double? reference)
    {
        if (reference is not double best)
            return true;
        // Max by request; Auto knows losses only
        return mode == MonitorMode.Max ? (float)current - _delta > (float)best : (float)current + _delta < (float)best;
    }

    public double? Current(TrainingContext context) => context.Logs.TryGetValue(monitor, out double value) ? value : null;
}
