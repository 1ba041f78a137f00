using Latent.Studio.Catalogue;

namespace Latent.Studio.Components;

/// <summary>Numbers and states as the studio's pages write them; where one is not known, nothing.</summary>
internal static class Words
{
    public static string Runs(int count) => count == 1 ? "1 run" : $"{count:N0} runs";

    public static string Loss(double? loss) =>
        loss is not { } value ? ""
        : !double.IsFinite(value) ? "not a number"
        : Math.Abs(value) >= 10 ? $"{value:0.00}"
        : $"{value:0.00000}";

    public static string Duration(double? seconds) =>
        seconds switch
        {
            null or 0 => "",
            < 100 => $"{seconds:0.0} s",
            < 3600 => $"{(int)(seconds.Value / 60)} min {seconds.Value % 60:00} s",
            _ => $"{(int)(seconds.Value / 3600)} h {(int)(seconds.Value / 60) % 60:00} min",
        };

    public static string Size(long bytes) =>
        bytes switch
        {
            < 1_000 => $"{bytes} B",
            < 1_000_000 => $"{bytes / 1e3:0} kB",
            < 1_000_000_000 => $"{bytes / 1e6:0.0} MB",
            _ => $"{bytes / 1e9:0.0} GB",
        };

    public static string Time(DateTime utc) => utc == default ? "" : $"{utc.ToLocalTime():yyyy-MM-dd HH:mm}";

    public static string Status(RunStatus status) =>
        status switch
        {
            RunStatus.Model => "model file",
            RunStatus.Running => "training",
            RunStatus.Finished => "finished",
            RunStatus.Early => "ended early",
            RunStatus.Stopped => "stopped",
            RunStatus.Interrupted => "interrupted",
            RunStatus.Diverged => "diverged",
            _ => "damaged",
        };
}
