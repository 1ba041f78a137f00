namespace Latent.Images;

/// <summary>The image files of a folder and of all folders within.</summary>
internal static class FolderWalk
{
    private static readonly EnumerationOptions s_options = new()
    {
        AttributesToSkip = FileAttributes.System | FileAttributes.Hidden,
        IgnoreInaccessible = true,
    };

    /// <summary>
    /// Files in the order of their names, those of a folder before those of its subfolders: the same on any machine. One folder's names at a
    /// time are in memory. Links to folders are not followed, since they may lead in a circle.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="labelDepth">Which part of a name is the label: 0 for the first subfolder.</param>
    public static IEnumerable<FolderFile> Files(string folder, int labelDepth = 0) => Below(folder, "", null, labelDepth);

    private static IEnumerable<FolderFile> Below(string folder, string prefix, string? label, int labelDepth)
    {
        var directory = new DirectoryInfo(folder);
        string[] files = [.. directory.EnumerateFiles("*", s_options).Select(f => f.Name).Where(ImageFiles.HasImageExtension)];
        Array.Sort(files, StringComparer.Ordinal);
        foreach (string file in files)
            yield return new(Path.Combine(folder, file), prefix + file, label);
        string[] folders = [.. directory.EnumerateDirectories("*", s_options).Where(d => d.LinkTarget is null).Select(d => d.Name)];
        Array.Sort(folders, StringComparer.Ordinal);
        foreach (string sub in folders)
        foreach (var file in Below(Path.Combine(folder, sub), $"{prefix}{sub}/", label ?? (labelDepth == 0 ? sub : null), labelDepth - 1))
            yield return file;
    }
}
