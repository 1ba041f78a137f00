namespace Latent.Studio.Components;

/// <summary>Addresses of pages and files of the studio, with the names of runs in them written as addresses need them.</summary>
internal static class Addresses
{
    public static string Explorer(string run) => $"/?run={Uri.EscapeDataString(run)}";

    public static string Compare(string a, string b) => $"/compare?a={Uri.EscapeDataString(a)}&b={Uri.EscapeDataString(b)}";

    public static string Report(string run) => $"/api/runs/{Uri.EscapeDataString(run)}/report";

    public static string Page(string run) => $"/api/runs/{Uri.EscapeDataString(run)}/explorer.html";
}
