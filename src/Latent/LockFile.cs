using System.Security.Cryptography;

namespace Latent;

/// <summary>
/// A file that one process, and one place in it, holds at a time. The operating system holds it with the open file, so it ends with the
/// process, however that ends; a file that stays behind means nothing. It is removed when it is let go of.
/// </summary>
internal sealed class LockFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;

    private LockFile(string path, FileStream stream)
    {
        (_path, _stream) = (path, stream);
        // A time that no other file has is its mark: who opened a file that was just being removed holds nothing, whatever lies there now.
        long ticks = DateTime.UnixEpoch.Ticks + RandomNumberGenerator.GetInt32(int.MaxValue) * (TimeSpan.TicksPerSecond / 4);
        File.SetLastWriteTimeUtc(stream.SafeFileHandle, new DateTime(ticks + RandomNumberGenerator.GetInt32(2_500_000), DateTimeKind.Utc));
    }

    /// <summary>Whether the file at its path still is the one that is held: false once it was deleted, also where another took its place.</summary>
    public bool Holds => File.Exists(_path) && File.GetLastWriteTimeUtc(_path) == File.GetLastWriteTimeUtc(_stream.SafeFileHandle);

    /// <summary>Takes a lock, or gives null where somebody else holds it.</summary>
    /// <param name="path">The file, in a folder that exists.</param>
    /// <exception cref="IOException">The file cannot be made; so also <see cref="UnauthorizedAccessException"/>.</exception>
    public static LockFile? TryTake(string path)
    {
        while (true)
        {
            try
            {
                var taken = new LockFile(path, new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
                if (taken.Holds)
                    return taken;
                taken._stream.Dispose(); // the one before removed the file just as it was opened here
            }
            catch (IOException e) when (IsHeld(e))
            {
                if (File.Exists(path))
                    return null;
            }
        }
    }

    /// <summary>Lets go, and removes the file first: who opens it from now on finds another one.</summary>
    public void Dispose()
    {
        try
        {
            if (!_stream.SafeFileHandle.IsClosed && Holds)
                File.Delete(_path);
        }
        catch (Exception e) when (AtomicFile.IsUsersFault(e))
        {
            // it stays and means nothing
        }
        _stream.Dispose();
    }

    /// <summary>Whether opening failed for a lock: EAGAIN of Unix (11, of macOS 35), a sharing violation of Windows.</summary>
    private static bool IsHeld(IOException e) => OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33 : e.HResult is 11 or 35;
}
