namespace Latent.Training;

/// <summary>
/// Keeps a second training away from a run folder. The operating system holds it with the open file, so it ends with the process, however
/// that ends; a file that stays behind means nothing.
/// </summary>
internal sealed class RunLock : IDisposable
{
    /// <summary>The file's name in the run folder.</summary>
    public const string FileName = ".lock";

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly DateTime _made;

    private RunLock(string path, FileStream stream)
    {
        (_path, _stream) = (path, stream);
        // a mark of its own: a folder that was deleted and made again has another file here
        _stream.SetLength(0);
        _stream.Write(BitConverter.GetBytes(Environment.ProcessId));
        _stream.Flush();
        _made = File.GetLastWriteTimeUtc(path);
    }

    /// <summary>Whether the folder still is the one that was locked: false once it was deleted, also where another took its place.</summary>
    public bool Holds => File.Exists(_path) && File.GetLastWriteTimeUtc(_path) == _made;

    /// <summary>Takes the lock of a folder, which must exist.</summary>
    /// <exception cref="LatentException">Another training holds it, or the folder cannot be written.</exception>
    public static RunLock Take(RunFolder run)
    {
        string path = Path.Combine(run.Path, FileName);
        FileStream? stream = null;
        try
        {
            while (true)
            {
                stream = Open(path);
                if (stream is null)
                    continue;
                var taken = new RunLock(path, stream);
                if (taken.Holds)
                    return taken;
                stream.Dispose(); // the one before deleted the file just as it was opened here
                stream = null;
            }
        }
        catch (IOException e) when (stream is null && IsHeld(e))
        {
            throw new LatentException(
                $"Another training writes to '{run.Path}'.",
                "a run folder that no other process trains in",
                "a folder that is locked",
                "wait for it to end or stop it, or choose another folder for this training"
            );
        }
        catch (Exception e) when (AtomicFile.IsUsersFault(e))
        {
            if (stream is not null) // opened and locked, and no room for its mark
            {
                AtomicFile.DeleteQuietly(path);
                stream.Dispose();
            }
            throw RunFolder.CannotBeWritten(run.Path, e);
        }
    }

    /// <summary>Lets go, and removes the file first: who opens it from now on finds another one.</summary>
    public void Dispose()
    {
        try
        {
            if (Holds)
                File.Delete(_path);
        }
        catch (Exception e) when (AtomicFile.IsUsersFault(e))
        {
            // it stays and means nothing
        }
        _stream.Dispose();
    }

    /// <summary>Opens and locks the file; null where the one before deleted it and let go in this moment.</summary>
    private static FileStream? Open(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException e) when (IsHeld(e) && !File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Whether opening failed for a lock: EAGAIN of Unix (11, of macOS 35), a sharing violation of Windows.</summary>
    private static bool IsHeld(IOException e) => OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33 : e.HResult is 11 or 35;
}
