namespace Latent.Data;

/// <summary>Where a download is. Reported about ten times a second, at its start and end, and with each <see cref="Message"/>.</summary>
public sealed record DownloadProgress
{
    /// <summary>The name of the data set.</summary>
    public required string Name { get; init; }

    /// <summary>The file that is being fetched.</summary>
    public required string File { get; init; }

    /// <summary>Bytes that are here, of all files that this download is for.</summary>
    public required long Received { get; init; }

    /// <summary>
    /// Bytes of all files that this download is for. It changes where an archive must be fetched in place of single files.
    /// </summary>
    public required long Total { get; init; }

    /// <summary>What a user may want to know: a server broke off, another one is asked. Null for mere progress.</summary>
    public string? Message { get; init; }
}
