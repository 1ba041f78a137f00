using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Latent.Studio.Api;

/// <summary>Additions to a result's headers.</summary>
internal static class ApiResults
{
    /// <summary>
    /// A page that a file brings may hold scripts; it gets an origin of its own, so that they cannot act as the studio's, and no network.
    /// </summary>
    private const string Sandbox =
        "sandbox allow-scripts allow-downloads allow-popups; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        + "img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Has the browser save it under a name.</summary>
    public static IResult WithName(this IResult result, string name)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name);
        return new With(result, HeaderNames.ContentDisposition, disposition.ToString());
    }

    /// <summary>Keeps a page apart from the studio.</summary>
    public static IResult Apart(this IResult result) => new With(result, HeaderNames.ContentSecurityPolicy, Sandbox);

    private sealed class With(IResult result, string header, string value) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers[header] = value;
            return result.ExecuteAsync(httpContext);
        }
    }
}
