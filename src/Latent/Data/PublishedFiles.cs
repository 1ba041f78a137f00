using System.IO.Compression;
using System.Security.Cryptography;

namespace Latent.Data;

/// <summary>
/// Compares the files of a folder with the published ones, by SHA-256. Data sets of ten classes look alike to every other check: only their
/// bytes tell one from another.
/// </summary>
internal sealed class PublishedFiles(IReadOnlyList<DataSetInfo> catalogue)
{
    /// <summary>The files of a folder that are not known to be the published ones: neither as their authors packed them, nor by their content.</summary>
    /// <exception cref="LatentException">A file is known to be another data set's, or one is missing.</exception>
    public IReadOnlyList<string> Unknown(DataSetInfo info, string folder, CancellationToken cancellation)
    {
        var unknown = new List<string>();
        foreach (var (path, file) in KnownFolder.Require(info, folder).Zip(info.Files))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!IsKnown(info, file, path, Hash(path)) && !IsKnown(info, file, path, HashOfContent(path)))
                unknown.Add(Path.GetFileName(path));
        }
        return unknown;
    }

    /// <summary>What is said of files that are not known.</summary>
    public static string Warning(DataSetInfo info, string folder, IReadOnlyList<string> unknown) =>
        $"the files in '{folder}' are taken as {info.Name}, but are not known to be the published ones: {string.Join(", ", unknown)} "
        + $"{(unknown.Count == 1 ? "has" : "have")} another SHA-256";

    private bool IsKnown(DataSetInfo info, DataSetFile file, string path, string? hash)
    {
        if (hash is null)
            return false;
        if (file.Has(hash))
            return true;
        if (catalogue.FirstOrDefault(other => other.Name != info.Name && other.Files.Any(its => its.Has(hash))) is { } owner)
            throw new LatentException(
                $"The files are those of the data set '{owner.Name}', not of '{info.Name}'.",
                $"files of '{info.Name}': {info.Content}",
                $"'{path}' with the SHA-256 of a file of '{owner.Name}': {owner.Content}",
                $"give them their own name, {owner.Name}, or get those of {info.Name}"
            );
        return false;
    }

    private static string Hash(string path) => InputFile.Read(path, file => Convert.ToHexStringLower(SHA256.HashData(file)));

    private static string? HashOfContent(string path) =>
        InputFile.Read(
            path,
            file =>
            {
                try
                {
                    using var content = new GZipStream(file, CompressionMode.Decompress);
                    return Convert.ToHexStringLower(SHA256.HashData(content));
                }
                catch (InvalidDataException)
                {
                    return null; // a plain file
                }
            }
        );
}
