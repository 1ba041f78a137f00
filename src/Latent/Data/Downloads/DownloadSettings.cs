namespace Latent.Data.Downloads;

/// <summary>How patient a download is.</summary>
internal sealed record DownloadSettings
{
    /// <summary>How long a server may send nothing.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often in a row a server may fail without having sent anything worth it.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Bytes after which the count of failures starts again.</summary>
    public int Gain { get; init; } = 1 << 16;

    /// <summary>The pause after the first failure; it doubles with each further one.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);
}
