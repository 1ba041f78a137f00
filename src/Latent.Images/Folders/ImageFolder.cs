using Latent.Data;
using Latent.Models;
using Latent.Networks;
using Latent.Training;

namespace Latent.Images;

/// <summary>
/// A folder of image files, with its subfolders, as images to train on, to validate and to test with, or as a stream. A subfolder's name is the
/// label of all that lies in it.
/// </summary>
public static class ImageFolder
{
    private const long MostInMemory = 1L << 28; // what is more stays in the file of the cache, which is mapped

    /// <summary>Whether a word means a folder of image files, and not a data set with a name or one of IDX files.</summary>
    /// <param name="nameOrFolder">What a user gave for data.</param>
    public static bool IsMeant(string nameOrFolder) =>
        !DataSets.Names.Contains(nameOrFolder, StringComparer.OrdinalIgnoreCase)
        && Directory.Exists(nameOrFolder)
        && !Idx.IsFolder(nameOrFolder);

    /// <summary>Whether a folder, or a folder within, has a file whose name ends as an image's does.</summary>
    public static bool HasImages(string folder) => Directory.Exists(folder) && FolderWalk.Files(folder).Any();

    /// <summary>
    /// The image files of a folder and of all folders within, in the order of their names; hidden ones and links to folders are left out.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="LatentException">There is no such folder.</exception>
    public static IEnumerable<FolderFile> Files(string folder)
    {
        Require(folder);
        return FolderWalk.Files(folder);
    }

    /// <summary>The image files of one part of a folder, as <see cref="Open(string, FolderReading, ImageFolderOptions?, CancellationToken)"/> parts it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="reading">What is held out.</param>
    /// <param name="part">The part.</param>
    /// <exception cref="LatentException">There is no such folder, or a share is out of range.</exception>
    public static IReadOnlyList<FolderFile> Files(string folder, FolderReading reading, FolderPart part)
    {
        Require(folder);
        Check(reading);
        return FolderSplit.Of(folder, reading)[(int)part];
    }

    /// <summary>
    /// Reads a folder as a data set. It is decoded once, on all cores, into the cache; up to 256 MiB of pixels are then in memory, more stay in
    /// the cache's file, which is mapped. Where it has a folder train beside test, validation or both, these are the parts; else a file's part
    /// follows from its name alone, so that no file moves when others come or go. What cannot be read is left out.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="reading">The size, and what is held out.</param>
    /// <param name="options">Where pixels are kept and who is told what; null for the defaults.</param>
    /// <param name="cancellation">Ends it; nothing half read stays.</param>
    /// <exception cref="LatentException">
    /// There is no such folder, fewer than three files can be read, a part has none, or an option is out of range.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static DataSet Open(
        string folder,
        FolderReading reading,
        ImageFolderOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        options ??= new();
        Require(folder);
        Check(reading);
        var parts = FolderSplit.Of(folder, reading);
        FolderFile[] files = [.. parts.SelectMany(part => part)];
        if (files.Length == 0)
            throw NoImages(folder);
        var (pixelsPath, pixels, skipped) = Pixels(folder, parts, files, reading, options, cancellation);
        foreach (var (at, reason) in skipped)
            options.OnSkipped?.Invoke(new(files[at].Name, reason));

        FolderFile[] read = [.. files.Where((_, i) => !skipped.ContainsKey(i))];
        int[] counts = [.. Counts(parts, skipped)];
        if (read.Length < 3 || counts.Contains(0))
            throw new LatentException(
                $"The folder '{folder}' has too few images that can be read to hold some out.",
                "at least 3: to train, to validate and to test with",
                read.Length == 0
                    ? $"none; {Reasons([.. skipped.Select(s => new SkippedFile(files[s.Key].Name, s.Value))])}"
                    : $"{counts[0]} to train, {counts[1]} to validate and {counts[2]} to test with",
                read.Length < 10 ? "add images" : "add images, or hold out a larger share"
            );
        var (labels, labelNames) = Labels(read, options);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        string[] names = [.. read.Select(file => file.Name)];
        var shape = reading.Shape;
        var all = pixels is not null
            ? ImageSet.FromPixels(pixels, read.Length, shape.Height, shape.Width, shape.Channels, labels, labelNames, name, names)
            : ImageSet.FromFile(pixelsPath!, read.Length, shape, labels, labelNames, name, names);
        return new(name, all.Slice(0, counts[0]), all.Slice(counts[0] + counts[1], counts[2]))
        {
            Validation = all.Slice(counts[0], counts[1]),
        };
    }

    /// <summary>
    /// Decodes files on all cores, a block of some hundred at a time, in their order: however many there are, one block is in memory. What cannot
    /// be read is left out.
    /// </summary>
    /// <param name="files">The files, for example of <see cref="Files(string)"/>.</param>
    /// <param name="shape">The shape to give: 1 or 3 channels.</param>
    /// <param name="fit">What to do with an image of another size.</param>
    /// <param name="skipped">Told of each file that is left out.</param>
    /// <param name="cancellation">Ends it between two blocks.</param>
    /// <returns>Blocks with the files' names, and the files themselves; no block is empty.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static IEnumerable<(ImageSet Images, IReadOnlyList<FolderFile> Files)> Blocks(
        IEnumerable<FolderFile> files,
        Shape shape,
        ImageFit fit = ImageFit.Refuse,
        Action<SkippedFile>? skipped = null,
        CancellationToken cancellation = default
    )
    {
        PixelImage.Check(shape);
        return Read();

        IEnumerable<(ImageSet, IReadOnlyList<FolderFile>)> Read()
        {
            foreach (
                var (pixels, read) in ImageReader.Read(
                    files,
                    shape,
                    fit,
                    (file, problem) => skipped?.Invoke(new(file.Name, Reason(problem))),
                    cancellation
                )
            )
            {
                string[] names = [.. read.Select(file => file.Name)];
                yield return (
                    ImageSet.FromPixels(
                        pixels.AsSpan(0, read.Count * shape.Size),
                        read.Count,
                        shape.Height,
                        shape.Width,
                        shape.Channels,
                        names: names
                    ),
                    read
                );
            }
        }
    }

    /// <summary>The data of a run, opened again: its folder of images as the run read it, or its data set.</summary>
    /// <param name="data">What run.json says of the data.</param>
    /// <param name="options">Where pixels are kept and who is told what, for a folder; null for the defaults.</param>
    /// <param name="known">Where a data set that has a name comes from; null for the defaults.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="LatentException">The data are not here, or not as they should be.</exception>
    public static DataSet Open(
        RunData data,
        ImageFolderOptions? options = null,
        DataSetOptions? known = null,
        CancellationToken cancellation = default
    ) =>
        data.Folder is { } reading
            ? Open(data.Source, reading, options, cancellation)
            : DataSets.Open(data.Source, known ?? new(), cancellation);

    /// <summary>Why files were left out: the first few, one after the other, for a message.</summary>
    /// <param name="skipped">The files.</param>
    public static string Reasons(IReadOnlyList<SkippedFile> skipped)
    {
        const int Few = 5;
        return string.Join("; ", skipped.Take(Few)) + (skipped.Count > Few ? $"; and {skipped.Count - Few:N0} more" : "");
    }

    /// <summary>The message for a folder without a file of an image.</summary>
    /// <param name="folder">The folder.</param>
    public static LatentException NoImages(string folder) =>
        new(
            $"The folder '{folder}' has no images.",
            $"files ending in {string.Join(", ", ImageFiles.Extensions)}, in it or in folders within, or the four IDX files of a data set",
            Directory.EnumerateFileSystemEntries(folder).Any() ? "other files only" : "an empty folder"
        );

    private static (string? Path, byte[]? Pixels, IReadOnlyDictionary<int, string> Skipped) Pixels(
        string folder,
        List<FolderFile>[] parts,
        FolderFile[] files,
        FolderReading reading,
        ImageFolderOptions options,
        CancellationToken cancellation
    )
    {
        long most = (long)files.Length * reading.Shape.Size;
        if (options.Cache is { } place)
        {
            var cache = new PixelCache(place);
            string key = PixelCache.KeyOf(folder, parts, reading);
            try
            {
                var skipped = cache.Find(key);
                if (skipped is null)
                {
                    cache.Write(key, stream => Decode(files, reading, options, stream, cancellation));
                    skipped = cache.Find(key) ?? throw new IOException("it does not keep what is written");
                }
                string path = cache.PixelsPath(key);
                return (path, most <= MostInMemory ? File.ReadAllBytes(path) : null, skipped);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or LatentException { InnerException: not null })
            {
                if (most > MostInMemory)
                    throw new LatentException(
                        "The decoded pixels cannot be kept in the cache.",
                        $"{most:N0} bytes of room in a folder that may be written",
                        $"{e.Message} in '{place}'",
                        "make room, or name another folder in XDG_CACHE_HOME",
                        e
                    );
                options.OnWarning?.Invoke($"decoded pixels are not kept, so that they are decoded again each time: {e.Message}");
            }
        }
        else if (most > Array.MaxLength)
            throw new LatentException(
                "The images are too many to be kept in memory.",
                $"at most {Array.MaxLength / reading.Shape.Size:N0} of {reading.Shape}",
                $"{files.Length:N0}",
                "name a folder for the cache"
            );
        using var memory = new MemoryStream((int)most);
        var left = Decode(files, reading, options, memory, cancellation);
        return (null, memory.ToArray(), left);
    }

    private static Dictionary<int, string> Decode(
        FolderFile[] files,
        FolderReading reading,
        ImageFolderOptions options,
        Stream stream,
        CancellationToken cancellation
    )
    {
        var skipped = new Dictionary<int, string>();
        var places = new Dictionary<FolderFile, int>(files.Length, ReferenceEqualityComparer.Instance);
        for (int i = 0; i < files.Length; i++)
            places[files[i]] = i;
        int done = 0;
        void Skip(FolderFile file, LatentException problem) => skipped[places[file]] = Reason(problem);
        foreach (var (pixels, read) in ImageReader.Read(files, reading.Shape, reading.Fit, Skip, cancellation))
        {
            stream.Write(pixels, 0, read.Count * reading.Shape.Size);
            done += read.Count;
            options.Progress?.Report((done + skipped.Count, files.Length));
        }
        return skipped;
    }

    private static IEnumerable<int> Counts(List<FolderFile>[] parts, IReadOnlyDictionary<int, string> skipped)
    {
        int first = 0;
        foreach (var part in parts)
        {
            yield return part.Count - Enumerable.Range(first, part.Count).Count(skipped.ContainsKey);
            first += part.Count;
        }
    }

    private static (byte[] Labels, string[] Names) Labels(FolderFile[] files, ImageFolderOptions options)
    {
        if (Array.TrueForAll(files, file => file.Label is null))
            return ([], []);
        const string None = "(no label)"; // beside the subfolders
        string[] names = [.. files.Select(file => file.Label ?? None).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (names.Length > ImageSet.MostLabels)
        {
            options.OnWarning?.Invoke(
                $"the images have no labels: {names.Length:N0} subfolders are more than the {ImageSet.MostLabels} labels that there can be"
            );
            return ([], []);
        }
        return ([.. files.Select(file => (byte)Array.BinarySearch(names, file.Label ?? None, StringComparer.Ordinal))], names);
    }

    private static void Require(string folder)
    {
        if (!Directory.Exists(folder))
            throw new LatentException(
                $"There is no folder '{folder}'.",
                "a folder with image files",
                File.Exists(folder) ? "a file" : null,
                "check the path from the folder you are in"
            );
    }

    private static void Check(FolderReading reading)
    {
        PixelImage.Check(reading.Shape);
        if (!(reading.Validation >= 0 && reading.Test >= 0 && reading.Validation + reading.Test < 1))
            throw new LatentException(
                "The shares to hold out are out of range.",
                "numbers of at least 0 that are below 1 together",
                $"{reading.Validation} to validate and {reading.Test} to test with"
            );
    }

    private static string Reason(LatentException problem) => (problem.Received ?? problem.Happened).ReplaceLineEndings(" ");
}
