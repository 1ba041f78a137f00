namespace Latent.Cli.Compress;

/// <summary>How large the files are that images were read from.</summary>
/// <param name="inputs">What was typed: files and folders.</param>
internal sealed class OriginalFiles(string[] inputs)
{
    private readonly string[] _folders = [.. inputs.Where(Directory.Exists)];

    /// <summary>Bytes of all files of some names: as they were typed, or within a folder that was typed.</summary>
    public long Bytes(IReadOnlyList<string> names) => names.Sum(Length);

    private long Length(string name)
    {
        foreach (string path in _folders.Select(folder => Path.Combine(folder, name)).Append(name))
            if (new FileInfo(path) is { Exists: true } file)
                return file.Length;
        return 0; // gone since it was read
    }
}
