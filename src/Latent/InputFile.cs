namespace Latent;

/// <summary>Opens files that a user named, and says in a user's words why one cannot be read.</summary>
public static class InputFile
{
    /// <summary>Reads a file with a function of its own.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads the open file, which is closed afterwards.</param>
    /// <param name="pipes">
    /// Whether a pipe or a device will do, which has no length and may never end. Else only a regular file is opened: opening a pipe waits
    /// for its writer.
    /// </param>
    /// <returns>What the function returned.</returns>
    /// <exception cref="LatentException">There is no such file, or it cannot be read.</exception>
    public static T Read<T>(string path, Func<FileStream, T> read, bool pipes = false)
    {
        try
        {
            if (!pipes && File.Exists(path) && !HasLength(path))
                throw new LatentException(
                    $"'{path}' is empty, or no regular file.",
                    "a regular file with content",
                    "an empty file, a pipe, a device, or a link to nothing",
                    "get or write the file again"
                );
            using var stream = Open(path);
            return read(stream);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LatentException($"There is no file '{path}'.", fix: "check the path from the folder you are in", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LatentException(
                $"'{path}' cannot be read.",
                "a file that you may read",
                Directory.Exists(path) ? "a folder" : e.Message,
                inner: e
            );
        }
    }

    /// <summary>
    /// Whether the file behind a path, and behind its links, has a length. What is no regular file has none, and nothing else that can be
    /// asked without opening it tells the two apart.
    /// </summary>
    private static bool HasLength(string path)
    {
        var file = new FileInfo(path);
        return (file.ResolveLinkTarget(returnFinalTarget: true) ?? file) is FileInfo { Exists: true, Length: > 0 };
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new IOException($"'{path}' is no path of a file", e);
        }
    }
}
