namespace Latent.Data.Downloads;

/// <summary>
/// A file that one process at a time holds open. The system lets go of it when the process ends, however that happens. The empty file stays:
/// were it removed, one who waits for it and one who makes it anew could both believe to hold it.
/// </summary>
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
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (IsTaken(e))
            {
                if (!waits)
                    onWait();
                cancellation.WaitHandle.WaitOne(s_pause);
            }
        }
    }

    /// <summary>EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.</summary>
    private static bool IsTaken(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
