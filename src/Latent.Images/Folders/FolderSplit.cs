using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Latent.Training;

namespace Latent.Images;

/// <summary>Which part of a data set a file belongs to. It depends on the file's name alone, so that files which come or go move no other.</summary>
internal static class FolderSplit
{
    private static readonly string[] s_train = ["train", "training"];
    private static readonly string[] s_validation = ["validation", "val", "valid"];
    private static readonly string[] s_test = ["test", "testing"];

    /// <summary>Whether a folder says by its subfolders which part is which: train beside test, validation or both.</summary>
    public static bool IsSplit(string folder)
    {
        string[] names = [.. new DirectoryInfo(folder).EnumerateDirectories().Select(d => d.Name)];
        return Has(s_train) && (Has(s_test) || Has(s_validation));

        bool Has(string[] part) => names.Any(name => part.Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Files for training, validation and test.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="reading">The shares that are held out, where the folder itself does not say it.</param>
    /// <exception cref="LatentException">There are fewer than three files, or none for a part.</exception>
    public static List<FolderFile>[] Of(string folder, FolderReading reading)
    {
        bool split = IsSplit(folder);
        List<FolderFile>[] parts =
        [
            [],
            [],
            [],
        ];
        foreach (var file in FolderWalk.Files(folder, split ? 1 : 0))
        {
            int slash = file.Name.IndexOf('/', StringComparison.Ordinal);
            string top = slash < 0 ? "" : file.Name[..slash];
            int part =
                !split ? PartOf(file.Name, reading.Validation, reading.Test)
                : s_train.Contains(top, StringComparer.OrdinalIgnoreCase) ? 0
                : s_validation.Contains(top, StringComparer.OrdinalIgnoreCase) ? 1
                : s_test.Contains(top, StringComparer.OrdinalIgnoreCase) ? 2
                : -1; // a folder of something else
            if (part >= 0)
                parts[part].Add(file);
        }
        // a part that the folder leaves out, or that chance left empty, is taken from the training images
        for (int part = 1; part <= 2; part++)
            if (parts[part].Count == 0)
                Take(parts, part, split ? (part == 1 ? reading.Validation : reading.Test) : 0);
        return parts;
    }

    /// <summary>A number from 0 to 1 for a name: the first 64 bits of its SHA-256, as UTF-8 in normal form C.</summary>
    public static double Place(string name) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name.Normalize(NormalizationForm.FormC))))
        / Math.Pow(2, 64);

    private static int PartOf(string name, double validation, double test) =>
        Place(name) is var place && place < test ? 2
        : place < test + validation ? 1
        : 0;

    private static void Take(List<FolderFile>[] parts, int part, double share)
    {
        var train = parts[0];
        var taken = train.Where(file => Place(file.Name) < share).ToHashSet();
        if (taken.Count == 0 && train.Count > 1)
            taken.Add(train.MinBy(file => Place(file.Name))!);
        parts[part].AddRange(train.Where(taken.Contains));
        train.RemoveAll(taken.Contains);
    }
}
