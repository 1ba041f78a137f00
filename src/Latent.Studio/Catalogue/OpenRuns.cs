namespace Latent.Studio.Catalogue;

/// <summary>The runs that are open, the last few that were asked for. Each is opened once, however many ask at a time. Thread-safe.</summary>
internal sealed class OpenRuns
{
    /// <summary>Two to compare, and some to go back to. Each has its images in memory: 8 MB for 10,000 of MNIST.</summary>
    private const int Most = 4;

    private readonly Lock _lock = new();
    private readonly List<Held> _held = []; // the last asked for is the last
    private readonly TestImages _images = new();

    /// <exception cref="LatentException">The model cannot be used.</exception>
    public OpenRun Of(RunEntry entry)
    {
        var stamp = FileStamp.Of(entry.ModelPath);
        Held held;
        lock (_lock)
        {
            int at = _held.FindIndex(other => other.Path == entry.Path);
            held = at >= 0 && _held[at].Stamp == stamp ? _held[at] : new(entry.Path, stamp, new(() => OpenRun.Load(entry, _images)));
            if (at >= 0)
                _held.RemoveAt(at);
            _held.Add(held);
            if (_held.Count > Most)
                _held.RemoveAt(0);
        }
        try
        {
            return held.Run.Value;
        }
        catch
        {
            lock (_lock)
                _held.Remove(held); // what was missing may be there the next time
            throw;
        }
    }

    public void Forget(RunEntry entry)
    {
        lock (_lock)
            _held.RemoveAll(held => held.Path == entry.Path);
    }

    private sealed record Held(string Path, FileStamp Stamp, Lazy<OpenRun> Run);
}
