namespace Latent.Data;

/// <summary>
/// Reads IDX files, the format of MNIST and its kin: two zero bytes, the type of the numbers (8 for unsigned bytes), the number of
/// dimensions, each dimension as a big-endian 32-bit number, then the numbers. Plain or gzip, told apart by their content.
/// </summary>
public static class Idx
{
    private const string TrainImages = "train-images-idx3-ubyte",
        TrainLabels = "train-labels-idx1-ubyte",
        TestImages = "t10k-images-idx3-ubyte",
        TestLabels = "t10k-labels-idx1-ubyte";

    internal static readonly string[] ClassicNames = [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <summary>Reads images, with their labels where a file of them is given.</summary>
    /// <param name="imagesPath">Images: (count, height, width), or (count, height, width, channels) with 1 or 3 channels.</param>
    /// <param name="labelsPath">Labels: (count); null for none.</param>
    /// <returns>The images, named after the file.</returns>
    /// <exception cref="LatentException">A file is missing, damaged, of another kind, or does not fit the other.</exception>
    public static ImageSet Read(string imagesPath, string? labelsPath = null)
    {
        string name = Path.GetFileName(imagesPath);
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            name = name[..^3];
        var (images, labels) = ReadPair(imagesPath, labelsPath);
        return Join(images, labels, LabelNames(labels), name);
    }

    /// <summary>
    /// Reads a folder with the four classic files, each plain or with the ending .gz: train-images-idx3-ubyte, train-labels-idx1-ubyte,
    /// t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte. Labels may be missing.
    /// </summary>
    /// <param name="folder">The folder; the data set takes its name.</param>
    /// <exception cref="LatentException">There is no such folder, or a file is missing, damaged, of another kind, or does not fit.</exception>
    public static DataSet ReadFolder(string folder) => ReadFolder(folder, null);

    /// <summary>Whether a folder has at least one of the four classic files, so that <see cref="ReadFolder(string)"/> is what is meant for it.</summary>
    public static bool IsFolder(string folder) => ClassicNames.Any(name => Find(folder, name) is not null);

    internal static DataSet ReadFolder(string folder, string? name)
    {
        if (!Directory.Exists(folder))
            throw new LatentException(
                $"There is no folder '{folder}'.",
                $"a folder with {string.Join(", ", ClassicNames)}, each with or without .gz",
                File.Exists(folder) ? "a file" : null,
                "check the path from the folder you are in"
            );
        name ??= Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var (trainImages, trainLabels) = ReadPair(Require(folder, TrainImages), Find(folder, TrainLabels));
        var (testImages, testLabels) = ReadPair(Require(folder, TestImages), Find(folder, TestLabels));
        var names = LabelNames(trainLabels, testLabels);
        return new(name, Join(trainImages, trainLabels, names, name), Join(testImages, testLabels, names, name));
    }

    internal static (IdxFile Images, IdxFile? Labels) ReadPair(string imagesPath, string? labelsPath)
    {
        var images = IdxFile.ReadImages(imagesPath);
        if (labelsPath is null)
            return (images, null);
        var labels = IdxFile.ReadLabels(labelsPath);
        if (labels.Count != images.Count)
            throw new LatentException(
                $"'{labelsPath}' does not belong to '{imagesPath}'.",
                $"{images.Count:N0} labels, one for each image",
                $"{labels.Count:N0}",
                "give the labels that came with these images"
            );
        return (images, labels);
    }

    private static ImageSet Join(IdxFile images, IdxFile? labels, string[] names, string name) =>
        ImageSet.Own(name, images.ImageShape, images.Bytes, labels?.Bytes ?? [], names);

    /// <summary>A name for each number up to the largest label of all parts, so that the parts share them.</summary>
    private static string[] LabelNames(params ReadOnlySpan<IdxFile?> parts)
    {
        int classes = 0;
        foreach (var part in parts)
        {
            foreach (byte label in part?.Bytes ?? [])
                classes = Math.Max(classes, label + 1);
        }
        return [.. Enumerable.Range(0, classes).Select(i => i.ToString())];
    }

    /// <summary>The path of a file in a folder, packed or not; null where it is not there.</summary>
    internal static string? Find(string folder, string name)
    {
        // Some mirrors write train-images.idx3-ubyte.
        string dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        foreach (string candidate in (ReadOnlySpan<string>)[name + ".gz", name, dotted + ".gz", dotted])
        {
            string path = Path.Combine(folder, candidate);
            if (File.Exists(path))
                return path;
        }
        return null;
    }

    private static string Require(string folder, string name)
    {
        if (Find(folder, name) is { } path)
            return path;
        throw new LatentException(
            $"The folder '{folder}' has no file '{name}'.",
            $"{name} or {name}.gz",
            Listing(folder),
            $"put the IDX files there under their usual names: {string.Join(", ", ClassicNames)} (labels may be missing)"
        );
    }

    /// <summary>What is in a folder, for messages.</summary>
    internal static string Listing(string folder)
    {
        string[] there = [.. Directory.EnumerateFileSystemEntries(folder).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];
        return there.Length == 0 ? "an empty folder" : string.Join(", ", there.Take(8)) + (there.Length > 8 ? ", …" : "");
    }
}
