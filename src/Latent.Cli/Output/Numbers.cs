namespace Latent.Cli.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Numbers
{
    /// <summary>A loss, with the digits in which trainings differ.</summary>
    public static string Loss(double loss) => double.IsFinite(loss) ? loss.ToString(loss is < 0.001 and > 0 ? "G4" : "F5") : "nan";

    /// <summary>A time: "4.2 s", "1:05 min", "2:03:10 h".</summary>
    public static string Time(TimeSpan time) =>
        time.TotalMinutes < 1 ? $"{time.TotalSeconds:F1} s"
        : time.TotalHours < 1 ? $"{time:m\\:ss} min"
        : $"{(int)time.TotalHours}:{time:mm\\:ss} h";
}
