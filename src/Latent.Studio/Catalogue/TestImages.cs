using Latent.Data;

namespace Latent.Studio.Catalogue;

/// <summary>The test images of data sets, the last few that were asked for: runs of one data set share them. Thread-safe.</summary>
internal sealed class TestImages
{
    private const int Most = 3;

    private readonly Lock _lock = new();
    private readonly List<(string Source, Lazy<ImageSet> Images)> _held = [];

    /// <summary>The test images of a data set that is on this machine: nothing is downloaded.</summary>
    /// <param name="source">A data set's name, or a folder.</param>
    /// <exception cref="LatentException">It is not here, or not as it should be.</exception>
    public ImageSet Of(string source)
    {
        (string Source, Lazy<ImageSet> Images) held;
        lock (_lock)
        {
            int at = _held.FindIndex(other => other.Source == source);
            held = at >= 0 ? _held[at] : (source, new(() => DataSets.Open(source, new() { Download = false }).Test));
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
}
