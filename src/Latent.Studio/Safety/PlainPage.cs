using System.Net;
using Microsoft.AspNetCore.Http;

namespace Latent.Studio.Safety;

/// <summary>A page that needs nothing else of the studio: for what is refused, and for when the studio itself fails.</summary>
internal static class PlainPage
{
    private const string Style = """
        :root { color-scheme: light dark; --paper: #ffffff; --ink: #1f2328; --soft: #57606a; --line: #d8dee4; --panel: #f6f8fa; --accent: #1f6fb4; }
        @media (prefers-color-scheme: dark) { :root { --paper: #15181c; --ink: #e6e9ec; --soft: #9aa4af; --line: #31373f; --panel: #1c2126; --accent: #74add1; } }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink); font: 16px/1.55 "DejaVu Sans", Verdana, "Segoe UI", system-ui, sans-serif; }
        main { max-width: 34rem; margin: 24px; padding: 28px 32px; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
        h1 { font-size: 20px; line-height: 1.3; margin: 0 0 10px; }
        p { margin: 0; color: var(--soft); }
        small { display: block; margin-top: 20px; color: var(--soft); }
        """;

    /// <summary>Answers with a status and the page; where no page is wanted (a script asks), with its words alone.</summary>
    public static Task WriteAsync(HttpContext context, int status, string title, string text)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        bool wantsPage = context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
        response.ContentType = wantsPage ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
        return response.WriteAsync(
            wantsPage
                ? $"""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>{WebUtility.HtmlEncode(title)} · Latent Studio</title>
                <link rel="icon" href="data:,">
                <style>
                {Style}
                </style>
                </head>
                <body><main><h1>{WebUtility.HtmlEncode(title)}</h1><p>{WebUtility.HtmlEncode(
                    text
                )}</p><small>Latent Studio</small></main></body>
                </html>
                """
                : $"{title}. {text}\n"
        );
    }
}
