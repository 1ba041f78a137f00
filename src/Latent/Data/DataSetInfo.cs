using Latent.Networks;

namespace Latent.Data;

/// <summary>What is known of a data set that has a name: its size, its classes, whose it is, and how it is got. Immutable.</summary>
public sealed record DataSetInfo
{
    internal DataSetInfo() { }

    /// <summary>The name that <see cref="DataSets.Open(string)"/> takes, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>What its images show, in a few words.</summary>
    public required string Content { get; init; }

    /// <summary>How many training images the published data set has.</summary>
    public required int TrainImages { get; init; }

    /// <summary>How many test images the published data set has.</summary>
    public required int TestImages { get; init; }

    /// <summary>A name for each class; an image's label is the index of its class.</summary>
    public required IReadOnlyList<string> LabelNames { get; init; }

    /// <summary>The licence, as its authors name it.</summary>
    public required string Licence { get; init; }

    /// <summary>Whose work it is: what to cite.</summary>
    public required string Credit { get; init; }

    /// <summary>The shape of each image: 28 × 28, grey.</summary>
    public Shape Shape { get; internal init; } = new(28, 28, 1);

    /// <summary>Bytes to download; 0 where the data set is not downloaded because it travels with the program.</summary>
    public long DownloadSize => IsDownloaded ? Files.Sum(file => file.Size) : 0;

    /// <summary>The four files: training images, training labels, test images, test labels.</summary>
    internal IReadOnlyList<DataSetFile> Files { get; init; } = [];

    /// <summary>Addresses below which the files lie, the first to try first.</summary>
    internal IReadOnlyList<string> Mirrors { get; init; } = [];

    /// <summary>An archive with the files, for when no mirror has them one by one.</summary>
    internal DataSetArchive? Archive { get; init; }

    /// <summary>The smallest label in the files.</summary>
    internal int FirstLabel { get; init; }

    /// <summary>Whether the files hold each image column by column.</summary>
    internal bool ColumnsFirst { get; init; }

    internal bool IsDownloaded => Mirrors.Count > 0 || Archive is not null;
}

/// <summary>A file of a data set.</summary>
/// <param name="Name">Its name, without .gz.</param>
/// <param name="Size">Bytes of the published gzip file.</param>
/// <param name="Sha256">SHA-256 of the published gzip file, in lower-case hex.</param>
/// <param name="ContentSha256">SHA-256 of what is packed in it; null where it is not known.</param>
internal sealed record DataSetFile(string Name, long Size = 0, string Sha256 = "", string? ContentSha256 = null)
{
    /// <summary>The name under which it is published and cached.</summary>
    public string Packed => Name + ".gz";
}

/// <summary>A zip archive that holds the files of a data set, and more.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Sha256">Its SHA-256, in lower-case hex.</param>
/// <param name="Folder">What stands before the files' names in it.</param>
internal sealed record DataSetArchive(string Address, long Size, string Sha256, string Folder);
