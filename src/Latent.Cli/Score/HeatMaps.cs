using Latent.Analysis;
using Latent.Cli.Inputs;
using Latent.Cli.Output;
using Latent.Cli.Parsing;
using Latent.Data;
using Latent.Images;
using Latent.Models;
using Latent.Networks;

namespace Latent.Cli.Score;

/// <summary>The error of each pixel over the picture: a file for each image, or one figure of the worst.</summary>
internal sealed class HeatMaps(Autoencoder model, ScoredImages scored, string path)
{
    /// <summary>So many of the worst images say by their errors what the last colour means.</summary>
    public const int ScaledBy = 256;

    private const int Side = 224; // small pictures are enlarged to about this, by a whole number

    private readonly Shape _shape = model.ImageShape;

    /// <summary>Whether a path is that of one figure.</summary>
    public static bool IsFigure(string path) => Endings.Is(path, ".png") || Endings.Is(path, ".svg");

    /// <summary>A figure of the images with the highest scores.</summary>
    public void Figure(int count)
    {
        ScoredImage[] worst = [.. scored.Worst.Take(count)];
        var images = SetOf(worst);
        float[] outputs = model.Reconstruct(images);
        Figures
            .Errors(
                "Where the reconstructions err",
                worst.Length == scored.Scores.Length
                    ? $"{scored.Name}, the highest score first"
                    : $"{scored.Name}: the {worst.Length:N0} highest scores of {scored.Scores.Length:N0} images",
                images,
                outputs,
                Errors(images, outputs),
                [.. worst.Select(image => image.Score)],
                [.. worst.Select(image => scored.Label(image.Index) ?? Short(scored.Names[image.Index]))],
                scored.Threshold is { } threshold ? [.. worst.Select(image => image.Score > threshold)] : []
            )
            .Save(path);
    }

    /// <summary>A PNG file for each image.</summary>
    /// <param name="blocks">The images again.</param>
    public void Files(IEnumerable<InputImages> blocks)
    {
        if (File.Exists(path))
            throw new LatentException($"'{path}' is a file.", "a folder, or a file ending in .png or .svg", "a file of another kind");
        var worst = SetOf(scored.Worst);
        double scale = ErrorOverlay.ScaleOf(Errors(worst, model.Reconstruct(worst)));
        int factor = Math.Max(1, Side / Math.Max(_shape.Height, _shape.Width)),
            area = _shape.Height * _shape.Width;
        var places = new PicturePlaces();
        foreach (var block in blocks)
        {
            float[] errors = Errors(block.Images, model.Reconstruct(block.Images));
            for (int i = 0; i < block.Images.Count; i++)
            {
                byte[] overlay = ErrorOverlay.Of(block.Images.Image(i), errors.AsSpan(i * area, area), _shape, scale);
                ImageFiles.Save(
                    Path.Combine(path, places.Of(block.Places[i])),
                    Enlarged(overlay, factor),
                    new Shape(_shape.Height * factor, _shape.Width * factor, 3)
                );
            }
        }
    }

    /// <summary>The end of a name, which tells it from others.</summary>
    private static string Short(string name)
    {
        const int Most = 9;
        string stem = Path.GetFileNameWithoutExtension(name);
        return stem.Length > Most ? "…" + stem[^(Most - 1)..] : stem;
    }

    private ImageSet SetOf(IReadOnlyList<ScoredImage> images) =>
        ImageSet.FromPixels(
            images.SelectMany(image => image.Pixels).ToArray(),
            images.Count,
            _shape.Height,
            _shape.Width,
            _shape.Channels,
            name: scored.Name
        );

    /// <summary>The errors of all pixels of some images.</summary>
    public static float[] Errors(ImageSet images, float[] outputs) => PixelErrors.Of(images.ToFloats(), outputs, images.Shape);

    private byte[] Enlarged(byte[] pixels, int factor)
    {
        if (factor == 1)
            return pixels;
        int width = _shape.Width * factor;
        var large = new byte[pixels.Length * factor * factor];
        for (int y = 0; y < _shape.Height * factor; y++)
        for (int x = 0; x < width; x++)
            pixels.AsSpan(3 * (y / factor * _shape.Width + x / factor), 3).CopyTo(large.AsSpan(3 * (y * width + x)));
        return large;
    }
}
