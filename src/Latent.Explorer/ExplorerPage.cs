using System.Security;
using Latent.Data;
using Latent.Models;

namespace Latent.Explorer;

/// <summary>What goes into an explorer's page. The defaults are those of <c>latent export RUN --html FILE</c>.</summary>
public sealed record ExplorerPageOptions
{
    /// <summary>The headline; null for the images' name and the latent size.</summary>
    public string? Title { get; init; }

    /// <summary>How many images' codes are shown, the first ones; at least 1.</summary>
    public int Count { get; init; } = 10_000;

    /// <summary>
    /// Whether the images themselves are in the page, to be seen beside what the decoder makes of their codes. MNIST's 10,000 take 2 MB. Images of
    /// more than 16 MB in all are left out whatever this says.
    /// </summary>
    public bool Images { get; init; } = true;
}

/// <summary>
/// A model's latent space as one HTML file: map, sliders, morph and a pad to draw on, with both networks' weights and the codes in it. It works
/// from a file, needs no server and asks no network. Numbers are 32-bit floats as in the model, so that its pictures are the model's.
/// </summary>
public static class ExplorerPage
{
    private const long MostImageBytes = 16 << 20;
    private const int MostCodeNumbers = 4 << 20;
    private const int MostWeights = 16 << 20;

    private const string Style = """
        :root { color-scheme: light dark; --paper: #ffffff; --ink: #1f2328; --soft: #57606a; }
        @media (prefers-color-scheme: dark) { :root { --paper: #15181c; --ink: #e6e9ec; --soft: #9aa4af; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 "DejaVu Sans", Verdana, "Segoe UI", system-ui, sans-serif; }
        body > header { padding: 18px 24px 10px; }
        h1 { font-size: 21px; line-height: 1.3; margin: 0; letter-spacing: -0.01em; }
        body > header p { margin: 2px 0 0; color: var(--soft); font-size: 14px; }
        body > main { padding: 0 24px 24px; }
        @media (max-width: 640px) { body > header { padding: 14px 12px 8px; } body > main { padding: 0 12px 16px; } }
        """;

    /// <summary>The page.</summary>
    /// <param name="model">A model that gives grey or colour images.</param>
    /// <param name="images">Images of the model's shape: those that it is tested with.</param>
    /// <param name="options">What goes into it; null for the defaults.</param>
    /// <exception cref="LatentException">
    /// The model gives no images, has a layer of the user's own, is too large for a page or has diverged; or the images have another shape.
    /// </exception>
    public static string ToHtml(Autoencoder model, ImageSet images, ExplorerPageOptions? options = null)
    {
        options ??= new();
        if (options.Count < 1)
            throw new LatentException("The options of the page are out of range.", "a count of at least 1", $"{options.Count}");
        if (model.Weights.Layout.Count > MostWeights)
            throw new LatentException(
                "The model is too large for a page.",
                $"at most {MostWeights:N0} weights",
                $"{model.Weights.Layout.Count:N0}",
                "explore it in the studio: latent studio RUN"
            );
        images = images.Take(Math.Clamp(MostCodeNumbers / model.LatentSize, 1, options.Count));
        var data = ExplorerData.Of(model, images, options.Title);
        var explorer = ExplorerFragment.Of(data, withImages: options.Images && images.Pixels.Length <= MostImageBytes);
        string title = SecurityElement.Escape(data.Title);
        string said = images.Count == 1 ? "code of one test image" : $"codes of {images.Count:N0} test images";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="{explorer.ContentSecurityPolicy}">
            <title>{title}</title>
            <link rel="icon" href="data:,">
            <style>
            {Style}
            {explorer.Style}
            </style>
            </head>
            <body>
            <header>
            <h1>{title}</h1>
            <p>An autoencoder's latent space to move through, with the {said}. Everything is in this file and is computed here.</p>
            </header>
            <main>
            {explorer.Html}</main>
            </body>
            </html>

            """.ReplaceLineEndings("\n");
    }

    /// <summary>Writes the page to a file, replacing one that exists.</summary>
    /// <param name="path">Where it goes; it should end with .html.</param>
    /// <param name="model">A model that gives grey or colour images.</param>
    /// <param name="images">Images of the model's shape: those that it is tested with.</param>
    /// <param name="options">What goes into it; null for the defaults.</param>
    /// <exception cref="LatentException">As <see cref="ToHtml"/>, or the file cannot be written.</exception>
    public static void Save(string path, Autoencoder model, ImageSet images, ExplorerPageOptions? options = null) =>
        AtomicFile.WriteText(path, ToHtml(model, images, options));
}
