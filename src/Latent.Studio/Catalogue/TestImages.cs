using Latent.Data;
using Latent.Images;
using Latent.Training;

namespace Latent.Studio.Catalogue;

/// <summary>The test images of data sets, the last few that were asked for: runs of one data set share them. Thread-safe.</summary>
internal sealed class TestImages
{
    private const int Most = 3;

    private readonly Lock _lock = new();
    private readonly List<(string Source, FolderReading? Folder, Lazy<ImageSet> Images)> _held = [];

    /// <summary>The test images of a data set that is on this machine: nothing is downloaded.</summary>
    /// <param name="source">A data set's name, or a folder.</param>
    /// <param name="folder">How a folder of image files is read; null for none.</param>
    /// <exception cref="LatentException">It is not here, or not as it should be.</exception>
    public ImageSet Of(string source, FolderReading? folder)
    {
        (string Source, FolderReading? Folder, Lazy<ImageSet> Images) held;
        lock (_lock)
        {
            int at = _held.FindIndex(other => other.Source == source && other.Folder == folder);
            held = at >= 0 ? _held[at] : (source, folder, new(() => Open(source, folder)));
            if (at >= 0)
                _held.RemoveAt(at);
            _held.Add(held);
            if (_held.Count > Most)
                _held.RemoveAt(0);
        }
        try
        {
            return held.Images.Value;
        }
        catch
        {
            lock (_lock)
                _held.Remove(held);
            throw;
        }
    }

    private static ImageSet Open(string source, FolderReading? folder) =>
        folder is null ? DataSets.Open(source, new() { Download = false }).Test : ImageFolder.Open(source, folder).Test;
}
