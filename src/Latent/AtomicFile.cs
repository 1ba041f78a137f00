using System.Text;

namespace Latent;

/// <summary>
/// Writes whole files: to a temporary name in the same folder, flushed to the disk, then renamed. Whatever stops the program, the path holds
/// either the old content or the new one, never a part. Thread-safe.
/// </summary>
public static class AtomicFile
{
    private const string TemporaryName = "tmp";

    /// <summary>Writes a file, replacing one that exists. Missing folders are made; a link is followed.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="write">Writes the content. If it throws, the old file stays as it was.</param>
    /// <exception cref="LatentException">The file or its folder cannot be written.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, (stream, write) => write(stream));

    /// <summary>Writes a file, replacing one that exists. Missing folders are made; a link is followed.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="state">What the function needs; a span may be given.</param>
    /// <param name="write">Writes the content. If it throws, the old file stays as it was.</param>
    /// <exception cref="LatentException">The file or its folder cannot be written.</exception>
    public static void Write<T>(string path, T state, Action<Stream, T> write)
        where T : allows ref struct
    {
        string? temporary = null;
        try
        {
            string target = FullPath(path);
            if (IsDevice(target))
            {
                WriteDirectly(target, state, write);
                return;
            }
            if (new FileInfo(target).LinkTarget is not null)
                target = File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
            if (Directory.Exists(target))
                throw new LatentException($"'{path}' cannot be written.", "the path of a file", "a folder", "add a file name to the path");
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            temporary = $"{target}.{Path.GetRandomFileName()}.{TemporaryName}";
            WriteWhole(temporary, state, write);
            File.Move(temporary, target, overwrite: true);
            temporary = null;
        }
        catch (Exception e) when (IsUsersFault(e))
        {
            throw new LatentException(
                $"'{path}' cannot be written.",
                "a path on a disk with room, in a folder that you may write to",
                e.Message,
                "give another path, or make room or the folder writable",
                e
            );
        }
        finally
        {
            if (temporary is not null)
                DeleteQuietly(temporary);
        }
    }

    /// <summary>Writes a text file as UTF-8 without a byte order mark, replacing one that exists.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="text">The content.</param>
    /// <exception cref="LatentException">The file or its folder cannot be written.</exception>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Whether a file has the name of one that is being written; where nobody writes it, its process was killed.</summary>
    internal static bool IsTemporary(string path) =>
        Path.GetFileName(path).Split('.') is [_, .., { Length: 8 }, { Length: 3 }, TemporaryName]; // the middle is Path.GetRandomFileName's

    /// <summary>Whether an exception says that a path or a disk is not as it must be, and not that the program is wrong.</summary>
    internal static bool IsUsersFault(Exception e) => e is IOException or UnauthorizedAccessException;

    private static string FullPath(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new IOException($"'{path}' is no path of a file", e);
        }
    }

    /// <summary>
    /// A rename over /dev/null would replace the device itself, and /dev/stdout is a link that leads to no path, so these are written to as
    /// they are. /dev/shm is a folder of ordinary files.
    /// </summary>
    internal static bool IsDevice(string path) =>
        path.StartsWith("/proc/", StringComparison.Ordinal)
        || (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal));

    private static void WriteWhole<T>(string path, T state, Action<Stream, T> write)
        where T : allows ref struct
    {
        try
        {
            using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
            write(stream, state);
            stream.Flush(flushToDisk: true);
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName == "value") // how .NET tells EFBIG
        {
            throw new IOException("The file is larger than the file system or a limit (ulimit -f) allows.", e);
        }
    }

    private static void WriteDirectly<T>(string path, T state, Action<Stream, T> write)
        where T : allows ref struct
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        write(stream, state);
    }

    /// <summary>Deletes a file where that is possible, while another error is told.</summary>
    internal static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (IsUsersFault(e))
        {
            // it stays and means nothing
        }
    }
}
