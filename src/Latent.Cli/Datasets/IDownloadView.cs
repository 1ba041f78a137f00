using Latent.Data;

namespace Latent.Cli.Datasets;

/// <summary>Shows a download as it goes.</summary>
internal interface IDownloadView
{
    /// <summary>Runs what downloads and shows what it reports.</summary>
    T Watch<T>(Func<IProgress<DownloadProgress>, T> download);

    /// <summary>Says a sentence without disturbing what is shown.</summary>
    void Say(string message);
}
