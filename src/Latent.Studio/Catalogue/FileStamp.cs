namespace Latent.Studio.Catalogue;

/// <summary>What tells one state of a file from another. Files of runs are replaced whole, so time and length are enough.</summary>
/// <param name="Exists">Whether it is there.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Changed">When it was written, in UTC.</param>
internal readonly record struct FileStamp(bool Exists, long Length, DateTime Changed)
{
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new(true, file.Length, file.LastWriteTimeUtc) : default;
    }
}
