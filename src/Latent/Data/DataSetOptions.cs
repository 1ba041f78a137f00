namespace Latent.Data;

/// <summary>Where <see cref="DataSets.Open(string)"/> takes a data set from that has a name. Immutable.</summary>
public sealed record DataSetOptions
{
    /// <summary>
    /// The folder that has the data set's four files, under their published names or the classic ones, plain or gzip; it is read where it
    /// lies. Null looks in the usual places and downloads what is in none.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Whether a data set that is not on this machine is downloaded into the user's cache; where not, that is an error.</summary>
    public bool Download { get; init; } = true;

    /// <summary>Told about a download as it goes, on another thread than the caller's.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }
}
