using Latent.Studio.Catalogue;

namespace Latent.Studio;

/// <summary>
/// What the first visit would wait for: the code of a page is compiled when it is first answered, and a run's images are encoded when it is first
/// opened. Both are done once before anybody asks.
/// </summary>
internal static class WarmUp
{
    public static Task RunAsync(RunCatalogue catalogue, Uri entrance) =>
        Task.WhenAll(Task.Run(() => OpenFirst(catalogue)), Task.Run(() => VisitAsync(entrance)));

    private static void OpenFirst(RunCatalogue catalogue)
    {
        try
        {
            if (catalogue.First() is not { } first)
                return;
            var run = catalogue.Open(first.Id);
            run.Decode(new float[run.Model.LatentSize]);
        }
        catch (LatentException)
        {
            // its page says it
        }
    }

    private static async Task VisitAsync(Uri entrance)
    {
        using var browser = new HttpClient { Timeout = TimeSpan.FromSeconds(10) }; // follows to the page behind the token, and keeps its cookie
        try
        {
            browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
            foreach (string path in (string[])["", "explorer/explorer.js"])
                using (await browser.GetAsync(new Uri(entrance, path + entrance.Query)).ConfigureAwait(false)) { }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // a name that this machine does not know itself by, a certificate: then the first visitor waits
        }
    }
}
