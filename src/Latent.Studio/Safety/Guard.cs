using System.Net;
using Microsoft.AspNetCore.Http;

namespace Latent.Studio.Safety;

/// <summary>
/// What a request must be to be answered at all. The studio runs as its user and may delete runs, so a page of somebody else in the same
/// browser must not reach it: not by a name that was made to point here (the Host header), not by a form, a script or a websocket (Origin,
/// Sec-Fetch-Site), not in a frame. Where other machines can reach it, they must know the token that it printed.
/// </summary>
internal sealed class Guard
{
    private const string TokenName = "token";

    /// <summary>Styles are also attributes, as MudBlazor sets them; pictures are also made in the page.</summary>
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
        + "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool _isAny;
    private readonly string _cookie;

    public Guard(IReadOnlyList<ListenAddress> addresses)
    {
        foreach (var address in addresses)
        {
            _hosts.Add(Bare(address.Host));
            if (address.IsLoopback || address.IsAny)
                _hosts.UnionWith(["localhost", "127.0.0.1", "::1"]);
        }
        _isAny = addresses.Any(address => address.IsAny);
        if (_isAny)
            _hosts.Add(Dns.GetHostName());
        _cookie = $"latent-studio-{addresses[0].Port}"; // cookies do not know ports, and two studios may run on one machine
        Token = addresses.All(address => address.IsLoopback) ? null : AccessToken.Create();
    }

    /// <summary>What a browser must bring; null where only this machine can reach the studio.</summary>
    public AccessToken? Token { get; }

    /// <summary>The address to open: the one that works on this machine, with the token where one is needed.</summary>
    /// <param name="urls">Where the server listens, with its actual ports.</param>
    public Uri Entrance(IEnumerable<string> urls)
    {
        var bound = new Uri(
            urls.First().Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal)
        );
        bool any = IPAddress.TryParse(bound.Host, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
        var address = new UriBuilder(bound) { Host = any ? Dns.GetHostName() : bound.Host };
        if (Token is not null)
            address.Query = $"{TokenName}={Token.Text}";
        return address.Uri;
    }

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";

        if (!IsOurs(request.Host))
            await PlainPage
                .WriteAsync(
                    context,
                    StatusCodes.Status400BadRequest,
                    "This is not an address of the studio",
                    "A request must name the address that the studio listens on. Open the one that it printed; names of other machines are refused, because a web page could make one point here."
                )
                .ConfigureAwait(false);
        else if (Token is not null && request.Query.TryGetValue(TokenName, out var given) && Token.Matches(given))
            Enter(request, response);
        else if (Token is not null && !Token.Matches(request.Cookies[_cookie]))
            await PlainPage
                .WriteAsync(
                    context,
                    StatusCodes.Status401Unauthorized,
                    "The token is missing",
                    "This studio can be reached from other machines, so it asks who is there. Open the whole address that it printed in its terminal, with ?token= at the end."
                )
                .ConfigureAwait(false);
        else if (Acts(request) && !IsFromOurPage(request))
            await PlainPage
                .WriteAsync(
                    context,
                    StatusCodes.Status403Forbidden,
                    "The request came from another site",
                    "Only pages of the studio itself may ask it to do something."
                )
                .ConfigureAwait(false);
        else
            await next(context).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether the Host header names an address that is listened on. The port is not compared: behind ssh -L or a container it is another one,
    /// and who makes a name point here cannot choose it either. Where all addresses are listened on, any IP address will do: a name is what can
    /// be made to point here.
    /// </summary>
    private bool IsOurs(HostString host)
    {
        string name = Bare(host.Host);
        return _hosts.Contains(name) || (_isAny && IPAddress.TryParse(name, out _));
    }

    /// <summary>Whether a request does something, or opens the connection through which a page does.</summary>
    private static bool Acts(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        || request.Headers.ContainsKey("Upgrade")
        || request.Path.StartsWithSegments("/_blazor");

    /// <summary>Browsers say where a request comes from; what says nothing is no browser, and so nothing that another site could use.</summary>
    private static bool IsFromOurPage(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        if (origin.Count > 0 && !(origin.Count == 1 && origin[0] == $"{request.Scheme}://{request.Host}"))
            return false;
        var site = request.Headers["Sec-Fetch-Site"];
        return site.Count == 0 || (site.Count == 1 && site[0] is "same-origin" or "none");
    }

    /// <summary>Keeps the token in a cookie and takes it out of the address, so that it is not copied with a link.</summary>
    private void Enter(HttpRequest request, HttpResponse response)
    {
        response.Cookies.Append(
            _cookie,
            Token!.Text,
            new()
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax, // a link in a mail may lead here; what does something is guarded by Origin
                Path = "/",
                IsEssential = true,
            }
        );
        response.Headers.CacheControl = "no-store";
        var rest = QueryString.Create(request.Query.Where(part => part.Key != TokenName));
        response.Redirect($"{request.Path}{rest}");
    }

    private static string Bare(string host) => host.Trim('[', ']');
}
