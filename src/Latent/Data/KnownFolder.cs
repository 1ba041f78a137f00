using System.IO.Compression;
using System.Security.Cryptography;

namespace Latent.Data;

/// <summary>
/// A folder with the files of a data set that has a name. Who packed the files does not matter; their content must be of the data set's kind.
/// </summary>
internal static class KnownFolder
{
    /// <summary>Whether all four files are there.</summary>
    public static bool IsComplete(DataSetInfo info, string folder) =>
        Enumerable.Range(0, info.Files.Count).All(i => Find(info, folder, i) is not null);

    /// <summary>The path of a file, under its own name or the classic one; null where it is not there.</summary>
    public static string? Find(DataSetInfo info, string folder, int file) =>
        Idx.Find(folder, info.Files[file].Name) ?? Idx.Find(folder, Idx.ClassicNames[file]);

    /// <summary>The paths of the four files.</summary>
    /// <exception cref="LatentException">There is no such folder, or a file is missing.</exception>
    public static string[] Require(DataSetInfo info, string folder)
    {
        string expected = $"the files {string.Join(", ", info.Files.Select(file => file.Name))}, each with or without .gz";
        if (!Directory.Exists(folder))
            throw new LatentException(
                $"There is no folder '{folder}'.",
                $"a folder with {expected}",
                File.Exists(folder) ? "a file" : null,
                "check the path from the folder you are in"
            );
        string?[] paths = [.. Enumerable.Range(0, info.Files.Count).Select(i => Find(info, folder, i))];
        int missing = Array.IndexOf(paths, null);
        if (missing >= 0)
            throw new LatentException(
                $"The folder '{folder}' has no file '{info.Files[missing].Name}' of the data set '{info.Name}'.",
                expected
                    + (info.Files[0].Name == Idx.ClassicNames[0] ? "" : $", or the classic names {string.Join(", ", Idx.ClassicNames)}"),
                Idx.Listing(folder),
                "put the missing file there"
            );
        return paths!;
    }

    /// <summary>Reads a folder.</summary>
    /// <exception cref="LatentException">
    /// A file is missing or damaged, or the images or labels are not of the shape and the classes that the data set has.
    /// </exception>
    public static DataSet Read(DataSetInfo info, string folder, CancellationToken cancellation)
    {
        string[] paths = Require(info, folder);
        var train = ReadPart(0);
        var test = ReadPart(2);
        return new(info.Name, train, test);

        ImageSet ReadPart(int first)
        {
            cancellation.ThrowIfCancellationRequested();
            var (images, labels) = Idx.ReadPair(paths[first], paths[first + 1]);
            if (images.ImageShape != info.Shape)
                throw new LatentException(
                    $"The images in '{images.Path}' are not those of the data set '{info.Name}'.",
                    $"the shape {info.Shape} (height, width, channels)",
                    $"{images.ImageShape}",
                    AsFolder
                );
            CheckLabels(info, labels!, mustHaveAll: first == 0);
            if (info.FirstLabel != 0)
                foreach (ref byte label in labels!.Bytes.AsSpan())
                    label = (byte)(label - info.FirstLabel);
            if (info.ColumnsFirst)
                Transpose(images.Bytes, info.Shape.Height);
            return ImageSet.Own(info.Name, info.Shape, images.Bytes, labels!.Bytes, info.LabelNames);
        }
    }

    /// <summary>Whether the files are the published ones: packed as their authors did, or of the same content.</summary>
    public static bool IsPublished(DataSetInfo info, string folder) =>
        Require(info, folder)
            .Zip(info.Files)
            .All(pair =>
            {
                var (path, file) = pair;
                string? hash = Hash(path, unpack: false);
                return hash == file.Sha256
                    || (file.ContentSha256 is { } content && (hash == content || Hash(path, unpack: true) == content));
            });

    private const string AsFolder = "a data set of another kind is opened by its path: ./FOLDER";

    private static void CheckLabels(DataSetInfo info, IdxFile labels, bool mustHaveAll)
    {
        int last = info.FirstLabel + info.LabelNames.Count - 1;
        byte smallest = labels.Bytes.Min(),
            largest = labels.Bytes.Max();
        if (smallest < info.FirstLabel || largest > last || (mustHaveAll && largest < last))
            throw new LatentException(
                $"The labels in '{labels.Path}' are not those of the data set '{info.Name}'.",
                $"{info.LabelNames.Count} classes with the labels {info.FirstLabel} to {last}",
                $"labels from {smallest} to {largest}",
                AsFolder
            );
    }

    /// <summary>Swaps rows and columns of each square image.</summary>
    private static void Transpose(byte[] pixels, int side)
    {
        for (int image = 0; image < pixels.Length; image += side * side)
        for (int y = 1; y < side; y++)
        for (int x = 0; x < y; x++)
        {
            int here = image + y * side + x,
                there = image + x * side + y;
            (pixels[here], pixels[there]) = (pixels[there], pixels[here]);
        }
    }

    private static string? Hash(string path, bool unpack) =>
        InputFile.Read(
            path,
            file =>
            {
                if (!unpack)
                    return Convert.ToHexStringLower(SHA256.HashData(file));
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
