using Latent.Analysis;
using Latent.Cli.Parsing;
using Latent.Images;
using Latent.Models;
using Latent.Networks;

namespace Latent.Cli.Score;

/// <summary>The error of each pixel over the picture: a file for each image, or one figure of the worst.</summary>
internal sealed class HeatMaps(Autoencoder model, ScoredImages scored, string path)
{
    private const int Block = 256;
    private const int ScaledBy = 256; // the worst images, whose errors say what the last colour means
    private const int Side = 224; // small pictures are enlarged to about this, by a whole number

    private readonly Shape _shape = model.ImageShape;

    /// <summary>Whether a path is that of one figure.</summary>
    public static bool IsFigure(string path) => Endings.Is(path, ".png") || Endings.Is(path, ".svg");

    /// <summary>A figure of the images with the highest scores.</summary>
    public void Figure(int count)
    {
        int[] rows = scored.Worst(count);
        var images = scored.Inputs.Pick(rows);
        float[] outputs = model.Reconstruct(images.Images);
        string[] names = [.. rows.Select((row, i) => scored.Label(row) ?? Path.GetFileName(images.Names[i]))];
        bool[] marked = scored.Threshold is { } threshold ? [.. rows.Select(row => scored.Scores[row] > threshold)] : [];
        Figures
            .Errors(
                rows.Length == scored.Scores.Length ? "Where the reconstructions err" : "The highest scores: where the reconstructions err",
                $"{scored.Inputs.Images.Name}: {rows.Length:N0} of {scored.Scores.Length:N0} images, the highest score first",
                images.Images,
                outputs,
                Errors(images.Images.Pixels, outputs),
                [.. rows.Select(row => scored.Scores[row])],
                names,
                marked
            )
            .Save(path);
    }

    /// <summary>A PNG file for each image.</summary>
    public void Files()
    {
        if (File.Exists(path))
            throw new LatentException($"'{path}' is a file.", "a folder, or a file ending in .png or .svg", "a file of another kind");
        var images = scored.Inputs.Images;
        var worst = scored.Inputs.Pick(scored.Worst(ScaledBy)).Images;
        double scale = ErrorOverlay.ScaleOf(Errors(worst.Pixels, model.Reconstruct(worst)));
        int factor = Math.Max(1, Side / Math.Max(_shape.Height, _shape.Width)),
            area = _shape.Height * _shape.Width;
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int start = 0; start < images.Count; start += Block)
        {
            var block = images.Slice(start, Math.Min(Block, images.Count - start));
            float[] errors = Errors(block.Pixels, model.Reconstruct(block));
            for (int i = 0; i < block.Count; i++)
            {
                byte[] overlay = ErrorOverlay.Of(block.Image(i), errors.AsSpan(i * area, area), _shape, scale);
                ImageFiles.Save(
                    Path.Combine(path, Free(scored.Inputs.Names[start + i], taken)),
                    Enlarged(overlay, factor),
                    new Shape(_shape.Height * factor, _shape.Width * factor, 3)
                );
            }
        }
    }

    private float[] Errors(ReadOnlySpan<byte> pixels, float[] outputs)
    {
        var numbers = new float[pixels.Length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = pixels[i] / 255f;
        return PixelErrors.Of(numbers, outputs, _shape);
    }

    /// <summary>The path of an image below the folder where it is a relative one, else its name; another ending, and a number where it is taken.</summary>
    private static string Free(string name, HashSet<string> taken)
    {
        bool below = !Path.IsPathRooted(name) && !name.Split('/', '\\').Contains("..", StringComparer.Ordinal);
        string stem = Path.ChangeExtension(below ? name : Path.GetFileName(name), null);
        string free = stem;
        for (int n = 2; !taken.Add(free); n++)
            free = $"{stem}-{n}";
        return free + ".png";
    }

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
