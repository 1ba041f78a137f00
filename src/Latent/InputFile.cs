namespace Latent;

/// <summary>Opens files that a user named, and says in a user's words why one cannot be read.</summary>
public static class InputFile
{
    /// <summary>Reads a file with a function of its own.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads the open file, which is closed afterwards.</param>
    /// <returns>What the function returned.</returns>
    /// <exception cref="LatentException">There is no such file, or it cannot be read.</exception>
    public static T Read<T>(string path, Func<FileStream, T> read)
    {
        try
        {
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
