using System.Globalization;

namespace Latent.Training;

/// <summary>
/// The snapshots of a run, as a <see cref="SnapshotRecorder"/> wrote them: a file for each epoch that is kept, and one of the model that the
/// training ended with. They may be deleted at any time. Holds only a path.
/// </summary>
/// <param name="run">The run.</param>
public sealed class SnapshotFolder(RunFolder run)
{
    private const string Ending = ".safetensors",
        FinalName = "final";

    /// <summary>The folder's full path; it need not exist.</summary>
    public string Path { get; } = run.SnapshotsPath;

    /// <summary>Whether there is a snapshot of the model that the training ended with.</summary>
    public bool HasFinal => File.Exists(FinalPath);

    /// <summary>The file of the model that the training ended with.</summary>
    public string FinalPath => System.IO.Path.Combine(Path, FinalName + Ending);

    /// <summary>The epochs there are snapshots of, ascending; 0 is the beginning. Empty where there are none.</summary>
    public IReadOnlyList<int> Epochs()
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateFiles(Path, "*" + Ending)
                    .Select(file => EpochOf(System.IO.Path.GetFileNameWithoutExtension(file)))
                    .OfType<int>()
                    .Order(),
            ];
        }
        catch (Exception e) when (AtomicFile.IsUsersFault(e))
        {
            return [];
        }
    }

    /// <summary>The file of an epoch.</summary>
    /// <param name="epoch">The epoch, at least 0.</param>
    public string PathOf(int epoch) => System.IO.Path.Combine(Path, NameOf(epoch) + Ending);

    /// <summary>Reads the snapshot of an epoch.</summary>
    /// <param name="epoch">One of <see cref="Epochs"/>.</param>
    /// <exception cref="LatentException">There is none, or it is damaged.</exception>
    public Snapshot Read(int epoch) => SnapshotFile.Read(PathOf(epoch));

    /// <summary>Reads the snapshot of the model that the training ended with.</summary>
    /// <exception cref="LatentException">There is none, or it is damaged.</exception>
    public Snapshot ReadFinal() => SnapshotFile.Read(FinalPath);

    /// <summary>Removes all of them; a training that goes on writes no further ones then.</summary>
    /// <exception cref="LatentException">They cannot be removed.</exception>
    public void Delete()
    {
        try
        {
            if (Directory.Exists(Path))
                Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (AtomicFile.IsUsersFault(e))
        {
            throw new LatentException($"The snapshots in '{Path}' cannot be removed.", "a folder that may be deleted", e.Message, inner: e);
        }
    }

    /// <summary>Removes what lies behind an epoch, for a training that goes on there.</summary>
    internal void RemoveAfter(int epoch)
    {
        if (!Directory.Exists(Path))
            return;
        File.Delete(FinalPath);
        foreach (int later in Epochs().Where(e => e > epoch))
            File.Delete(PathOf(later));
    }

    /// <summary>
    /// Keeps of the epochs up to one at most <paramref name="most"/>, evenly spread from 0, and that one: every second one where they are
    /// too many, then every fourth, and so on. Depends on nothing but the epoch, so that a training that goes on does the same.
    /// </summary>
    internal void Thin(int epoch, int most)
    {
        int every = 1;
        while (epoch / every >= most)
            every *= 2;
        if (every == 1)
            return;
        foreach (int other in Epochs().Where(e => e % every != 0 && e < epoch))
            File.Delete(PathOf(other));
    }

    private static string NameOf(int epoch) => epoch.ToString("D4", CultureInfo.InvariantCulture);

    private static int? EpochOf(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int epoch) && NameOf(epoch) == name ? epoch : null;
}
