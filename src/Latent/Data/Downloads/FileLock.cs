namespace Latent.Data.Downloads;

/// <summary>Waits for the lock of a folder of the cache: one process at a time changes a data set.</summary>
internal static class FileLock
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until no one else has it.</summary>
    /// <param name="folder">The folder; the file lies beside it, for the folder itself may be moved or not be there yet.</param>
    /// <param name="onWait">Called once where someone else has it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static IDisposable Take(string folder, Action onWait, CancellationToken cancellation)
    {
        for (bool waits = false; ; waits = true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (LockFile.TryTake(folder + ".lock") is { } taken)
                return taken;
            if (!waits)
                onWait();
            cancellation.WaitHandle.WaitOne(s_pause);
        }
    }
}
