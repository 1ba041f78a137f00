namespace Latent.Cli.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Numbers
{
    /// <summary>A loss, with the digits in which trainings differ.</summary>
    public static string Loss(double loss) => double.IsFinite(loss) ? loss.ToString(loss is < 0.001 and > 0 ? "G4" : "F5") : "nan";

    /// <summary>So many bytes: "5.1 kB", "21.2 MB".</summary>
    public static string Size(long bytes) => bytes < 1e6 ? $"{bytes / 1e3:F1} kB" : $"{bytes / 1e6:F1} MB";

    /// <summary>A time as the report writes it: "4.2 s", "12 min 05 s", "2 h 03 min".</summary>
    public static string Time(TimeSpan time) =>
        time.TotalSeconds < 99.95 ? $"{time.TotalSeconds:F1} s"
        : time.TotalHours < 1 ? $"{(int)time.TotalMinutes} min {time.Seconds:00} s"
        : $"{(int)time.TotalHours} h {time.Minutes:00} min";
}
