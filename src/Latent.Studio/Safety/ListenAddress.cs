using System.Net;

namespace Latent.Studio.Safety;

/// <summary>An address to listen on.</summary>
/// <param name="Host">An IP address (of version 6 in brackets), localhost, or a name; * for all.</param>
/// <param name="Port">The port; 0 for any that is free.</param>
internal sealed record ListenAddress(string Host, int Port)
{
    private const string Example = "http://127.0.0.1:8080 or http://0.0.0.0:8080";

    public string Url => $"http://{Host}:{Port}";

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback => IsLocalhost || (IPAddress.TryParse(Host, out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>Whether all addresses of the machine are listened on: those of a name are not looked up.</summary>
    public bool IsAny =>
        !IsLocalhost && (!IPAddress.TryParse(Host, out var ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));

    private bool IsLocalhost => Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    public static ListenAddress Loopback(int port) => new("127.0.0.1", port);

    /// <summary>Reads what --urls says.</summary>
    /// <param name="urls">Addresses with semicolons between them.</param>
    /// <exception cref="LatentException">A part is no address to listen on, or there is none.</exception>
    public static IReadOnlyList<ListenAddress> Parse(string urls)
    {
        string[] parts = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length > 0 ? [.. parts.Select(One)] : throw Wrong(urls, "nothing");
    }

    private static ListenAddress One(string url)
    {
        // the two that stand for all addresses are no host of a URI
        string asUri = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(asUri, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            throw Wrong(url, url);
        if (uri.Scheme == Uri.UriSchemeHttps)
            throw new LatentException(
                "The studio has no certificate to listen with.",
                Example,
                url,
                "let a proxy with a certificate stand before it, or reach it through ssh: ssh -L 5280:127.0.0.1:5280 MACHINE"
            );
        if (uri.Scheme != Uri.UriSchemeHttp || uri.AbsolutePath != "/" || uri.Query.Length + uri.Fragment.Length + uri.UserInfo.Length > 0)
            throw Wrong(url, url);
        return new(uri.Host, uri.Port);
    }

    private static LatentException Wrong(string urls, string received) =>
        new($"The studio cannot listen on '{urls}'.", $"an address like {Example}", received, $"latent studio --urls {Example[..21]}");
}
