namespace Latent.Images;

/// <summary>Numbers as people read them.</summary>
internal static class Numbers
{
    /// <summary>A loss with four significant digits at least, and no more than six places.</summary>
    public static string Loss(double value) =>
        !double.IsFinite(value) ? "not a number"
        : Math.Abs(value) >= 10 ? $"{value:0.00}"
        : Math.Abs(value) >= 0.001 ? $"{value:0.00000}"
        : $"{value:0.###e+0}";

    /// <summary>Seconds, minutes or hours.</summary>
    public static string Duration(double seconds) =>
        seconds < 100 ? $"{seconds:0.0} s"
        : seconds < 3600 ? $"{(int)(seconds / 60)} min {seconds % 60:00} s"
        : $"{(int)(seconds / 3600)} h {(int)(seconds / 60) % 60:00} min";

    /// <summary>A share from 0 to 1 in per cent.</summary>
    public static string Percent(double share) => $"{100 * share:0.#} %";
}
