using System.Diagnostics;
using Latent.Data;

namespace Latent.Cli.Datasets;

/// <summary>Bytes in a second and the time that is left, from what came since the watching began.</summary>
internal sealed class DownloadPace
{
    private long _since = Stopwatch.GetTimestamp();
    private long _first;
    private long _total = -1;

    /// <summary>Null until enough has come to tell.</summary>
    public (double BytesPerSecond, TimeSpan Remaining)? Of(DownloadProgress progress)
    {
        if (progress.Total != _total || progress.Received < _first) // the start, or an archive in place of files, or a file anew
            (_since, _first, _total) = (Stopwatch.GetTimestamp(), progress.Received, progress.Total);
        double seconds = Stopwatch.GetElapsedTime(_since).TotalSeconds;
        double rate = (progress.Received - _first) / Math.Max(seconds, 1e-3);
        return seconds > 0.5 && rate > 0 ? (rate, TimeSpan.FromSeconds((progress.Total - progress.Received) / rate)) : null;
    }
}
