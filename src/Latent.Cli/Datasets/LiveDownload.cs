using Latent.Cli.Output;
using Latent.Data;
using Spectre.Console;

namespace Latent.Cli.Datasets;

/// <summary>For a person at a terminal: a bar with the bytes, the pace and the remaining time. What is said stays above it.</summary>
internal sealed class LiveDownload(IAnsiConsole console) : IDownloadView, IProgress<DownloadProgress>
{
    private const int Bar = 24;
    private readonly DownloadPace _pace = new();
    private LiveDisplayContext? _display;

    public T Watch<T>(Func<IProgress<DownloadProgress>, T> download)
    {
        T? result = default;
        console
            .Live(new Text("connecting"))
            .AutoClear(true)
            .Start(display =>
            {
                _display = display;
                display.Refresh();
                result = download(this);
            });
        _display = null;
        return result!;
    }

    /// <summary>Line and line break at once, and over all of the moving line, which nothing else erases.</summary>
    public void Say(string message)
    {
        var line = new Paragraph(message);
        console.Write(new Rows(line.Append(new string(' ', Math.Max(0, console.Profile.Width - 1 - line.Length)))));
    }

    public void Report(DownloadProgress value)
    {
        if (value.Message is { } message)
            Say(message);
        if (value.Total > 0)
            _display?.UpdateTarget(Status(value));
    }

    /// <summary>The line that moves, in the terminal's width: the pace and then the time are left out where there is no room.</summary>
    private Paragraph Status(DownloadProgress p)
    {
        var pace = _pace.Of(p);
        int full = (int)(Bar * p.Received / p.Total);
        string text = $"  {Numbers.Size(p.Received)} of {Numbers.Size(p.Total)}";
        int room = console.Profile.Width - 1 - p.Name.Length - 1 - Bar - text.Length;
        string eta = pace is { } time ? $"  ETA {Numbers.Time(time.Remaining)}" : "",
            rate = pace is { } speed ? $"  {Numbers.Size((long)speed.BytesPerSecond)}/s" : "";
        if (eta.Length > room)
            eta = "";
        if (eta.Length + rate.Length > room)
            rate = "";
        return new Paragraph($"{p.Name} ")
            .Append(new string('━', full), new Style(Color.Teal))
            .Append(new string('─', Bar - full), new Style(Color.Grey))
            .Append(text + rate + eta);
    }
}
