namespace Latent.Images;

/// <summary>What reading a folder of images is told beside what decides the data set.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>
    /// The folder in which decoded pixels are kept, so that they are decoded once: the user's cache ($XDG_CACHE_HOME, else ~/.cache) as default.
    /// Null to keep them in memory only.
    /// </summary>
    public string? Cache { get; init; } = PixelCache.OfTheUser();

    /// <summary>Called for each file that cannot be read, from one thread at a time; the file is left out.</summary>
    public Action<SkippedFile>? OnSkipped { get; init; }

    /// <summary>Receives how many files of how many have been read.</summary>
    public IProgress<(int Done, int All)>? Progress { get; init; }

    /// <summary>Called with what the user should know, one sentence each.</summary>
    public Action<string>? OnWarning { get; init; }
}
