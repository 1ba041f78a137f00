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
/// Keras's rule of improvement, strict: current + δ &lt; best where lower is better, current − δ &gt; best where higher is. The sum is made
/// in double, the comparison in float32, as Keras does with its backend. The first value is always an improvement; if it is a NaN, nothing
/// beats it.
/// </summary>
internal static class ImprovementRule
{
    public static bool IsImprovement(double current, double? best, MonitorMode mode, double minDelta = 0)
    {
        if (best is not double reference)
            return true;
        double delta = Math.Abs(minDelta);
        // Auto is for losses only
        return mode == MonitorMode.Max ? (float)(current - delta) > (float)reference : (float)(current + delta) < (float)reference;
    }

    public static IEnumerable<string> Problems(string callback, string monitor, MonitorMode mode)
    {
        if (string.IsNullOrWhiteSpace(monitor))
            yield return $"{callback}.Monitor must name a number of the logs, \"val_loss\" for example.";
        else if (mode == MonitorMode.Auto && monitor is not ("loss" or "val_loss"))
            yield return $"{callback} cannot know whether '{monitor}' is better low or high: set Mode to Min or Max.";
        if (!Enum.IsDefined(mode))
            yield return $"{callback}.Mode must be Auto, Min or Max; it is {(int)mode}.";
    }
}
