using Latent.Data;

namespace Latent.Cli.Datasets;

/// <summary>Plain lines of key=value, for files, pipes and logs: one at the start and one for each tenth.</summary>
internal sealed class LineDownload(TextWriter writer) : IDownloadView, IProgress<DownloadProgress>
{
    private readonly DownloadPace _pace = new();
    private long _total = -1;
    private int _tenths;

    public T Watch<T>(Func<IProgress<DownloadProgress>, T> download) => download(this);

    public void Say(string message)
    {
        writer.WriteLine(message);
        writer.Flush(); // who reads a log as it grows sees it now
    }

    public void Report(DownloadProgress value)
    {
        var pace = _pace.Of(value);
        if (value.Message is { } message)
            Say(message);
        int tenths = value.Total > 0 ? (int)(10 * value.Received / value.Total) : 0;
        if (value.Total == 0 || (value.Total == _total && tenths <= _tenths))
            return;
        (_total, _tenths) = (value.Total, tenths);
        Say(
            $"download={value.Name} file={value.File} received={value.Received} total={value.Total}"
                + (pace is { } p ? $" bytes_per_second={p.BytesPerSecond:F0} eta={p.Remaining.TotalSeconds:F1}s" : "")
        );
    }
}
