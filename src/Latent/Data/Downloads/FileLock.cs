namespace Latent.Data.Downloads;

/// <summary>Waits for a lock: one process at a time downloads a data set.</summary>
internal static class FileLock
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until no one else has it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="onWait">Called once where someone else has it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static IDisposable Take(string path, Action onWait, CancellationToken cancellation)
    {
        for (bool waits = false; ; waits = true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (LockFile.TryTake(path) is { } taken)
                return taken;
            if (!waits)
                onWait();
            cancellation.WaitHandle.WaitOne(s_pause);
        }
    }
}
