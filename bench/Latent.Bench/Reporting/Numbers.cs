namespace Latent.Bench.Reporting;

/// <summary>Numbers as tables show them.</summary>
internal static class Numbers
{
    /// <summary>Where there is no number.</summary>
    public const string None = "–";

    /// <summary>Three digits or more.</summary>
    public static string Of(double? value) =>
        value switch
        {
            null => None,
            { } number when double.IsNaN(number) => None,
            >= 100 or <= -100 => $"{value:N0}",
            >= 10 or <= -10 => $"{value:F1}",
            >= 1 or <= -1 => $"{value:F2}",
            _ => $"{value:F3}",
        };

    /// <summary>Bytes as megabytes of a million.</summary>
    public static string Megabytes(long? bytes) => bytes is { } known ? $"{known / 1e6:F0}" : None;
}
