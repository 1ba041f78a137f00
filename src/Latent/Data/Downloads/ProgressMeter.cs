using System.Diagnostics;

namespace Latent.Data.Downloads;

/// <summary>Counts what has come and tells it, not too often.</summary>
internal sealed class ProgressMeter(string name, IProgress<DownloadProgress>? progress)
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);

    private string _file = "";
    private long _finished;
    private long _current;
    private long _total;
    private long _told;

    /// <summary>Starts to count anew.</summary>
    public void Begin(long total) => (_total, _finished, _current) = (total, 0, 0);

    public void BeginFile(string file) => (_file, _current) = (file, 0);

    /// <summary>So many bytes of the file are here.</summary>
    public void At(long bytes)
    {
        _current = bytes;
        if (Stopwatch.GetElapsedTime(_told) >= s_pace)
            Tell(null);
    }

    public void EndFile(long bytes)
    {
        (_finished, _current) = (_finished + bytes, 0);
        Tell(null);
    }

    public void Say(string message) => Tell(message);

    private void Tell(string? message)
    {
        _told = Stopwatch.GetTimestamp();
        progress?.Report(
            new()
            {
                Name = name,
                File = _file,
                Received = _finished + _current,
                Total = _total,
                Message = message,
            }
        );
    }
}
