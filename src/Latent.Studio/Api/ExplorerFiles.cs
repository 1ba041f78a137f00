using System.Security.Cryptography;
using Latent.Explorer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Latent.Studio.Api;

/// <summary>The explorer's script, as one module, and its style: the same code as in exported pages.</summary>
internal static class ExplorerFiles
{
    public static void Map(IEndpointRouteBuilder app)
    {
        Map(app, "explorer.js", ExplorerAssets.Module, "text/javascript; charset=utf-8");
        Map(app, "explorer.css", ExplorerAssets.Find("explorer.css")!.Value, "text/css; charset=utf-8");
    }

    private static void Map(IEndpointRouteBuilder app, string name, ReadOnlyMemory<byte> bytes, string type)
    {
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes.Span)[..16])}\"");
        app.MapGet(
            $"/explorer/{name}",
            context =>
            {
                context.Response.Headers.CacheControl = "no-cache"; // asked again, and answered with 304
                return Results.Bytes(bytes, type, entityTag: tag).ExecuteAsync(context);
            }
        );
    }
}
