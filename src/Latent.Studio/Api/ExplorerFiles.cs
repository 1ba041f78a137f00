using System.Security.Cryptography;
using Latent.Explorer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Latent.Studio.Api;

/// <summary>The explorer's modules and style, the same bytes as in exported pages.</summary>
internal static class ExplorerFiles
{
    public static void Map(IEndpointRouteBuilder app)
    {
        foreach (string name in ExplorerAssets.Names)
        {
            var bytes = ExplorerAssets.Find(name)!.Value;
            string type = Path.GetExtension(name) == ".css" ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
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
}
