using Latent.Data;
using Latent.Networks;
using SkiaSharp;

namespace Latent.Images;

public static partial class Figures
{
    /// <summary>Images over what a model makes of them, and below these the error of each pixel over the picture, with the score of each image.</summary>
    /// <param name="title">What one sees.</param>
    /// <param name="subtitle">What to know about it; the meaning of the colours is added.</param>
    /// <param name="images">The images, grey or colour: all of them are drawn.</param>
    /// <param name="reconstructions">n × image size numbers from 0 to 1.</param>
    /// <param name="errors">n × height × width numbers of at least 0, as Latent.Analysis.PixelErrors gives them.</param>
    /// <param name="scores">n numbers, written below the images.</param>
    /// <param name="names">What stands above each image; null for nothing.</param>
    /// <param name="marked">Which of them have a frame in red, as those above a threshold; empty for none.</param>
    /// <param name="options">The scales count here.</param>
    /// <exception cref="LatentException">The numbers do not fit the images, an option is out of range, or the images have neither 1 nor 3 channels.</exception>
    public static Figure Errors(
        string title,
        string? subtitle,
        ImageSet images,
        ReadOnlySpan<float> reconstructions,
        ReadOnlySpan<float> errors,
        IReadOnlyList<double> scores,
        IReadOnlyList<string>? names = null,
        ReadOnlySpan<bool> marked = default,
        FigureOptions? options = null
    )
    {
        options = Checked(options);
        var shape = images.Shape;
        PixelImage.Check(shape);
        int count = images.Count,
            area = shape.Height * shape.Width;
        if (
            reconstructions.Length != count * shape.Size
            || errors.Length != count * area
            || scores.Count != count
            || (names is not null && names.Count != count)
            || (!marked.IsEmpty && marked.Length != count)
        )
            throw new LatentException(
                "The errors do not fit the images.",
                $"reconstructions, errors, scores, names and marks of {count} images of {shape}",
                $"{reconstructions.Length} numbers, {errors.Length} errors, {scores.Count} scores, {names?.Count.ToString() ?? "no"} names, {(marked.IsEmpty ? "no" : marked.Length)} marks"
            );
        double most = ErrorOverlay.ScaleOf(errors);
        byte[] bytes = Pixels.ToBytes(reconstructions);
        var overlays = new byte[count][];
        for (int i = 0; i < count; i++)
            overlays[i] = ErrorOverlay.Of(images.Image(i), errors.Slice(i * area, area), shape, most);
        bool[] frames = marked.ToArray();
        var colour = new Shape(shape.Height, shape.Width, 3);

        const float gap = 5;
        const float left = 104;
        const float line = 20;
        const float rowGap = 22;
        const float legend = 40;
        float scale = PixelImage.Scale(shape, ImageSide, options.ImageScale);
        var size = new SKSize(scale * shape.Width, scale * shape.Height);
        int columns = Math.Min(count, Math.Max(1, (int)((MaxWidth + gap - left) / (size.Width + gap))));
        if (count > columns)
            columns = Evenly(count, columns);
        int rows = (count + columns - 1) / columns;
        float above = names is null ? 0 : line;
        float rowHeight = above + 3 * size.Height + 2 * gap + line;
        string[] texts = [.. scores.Select(Numbers.Column(scores))];

        return new Figure(
            title,
            subtitle,
            left + columns * (size.Width + gap) - gap,
            rows * (rowHeight + rowGap) + legend - rowGap,
            options.Scale,
            (canvas, body) =>
            {
                for (int row = 0; row < rows; row++)
                {
                    float top = body.Top + row * (rowHeight + rowGap) + above;
                    string[] kinds = ["original", "reconstruction", "error"];
                    for (int k = 0; k < kinds.Length; k++)
                        Ink.Text(canvas, kinds[k], body.Left, top + (k + 0.5f) * size.Height + k * gap + 4, 12, Ink.Strong);
                    Ink.Text(canvas, "score", body.Left, top + rowHeight - above - 4, 11, Ink.Soft);
                }
                for (int i = 0; i < count; i++)
                {
                    float x = body.Left + left + i % columns * (size.Width + gap);
                    float y = body.Top + i / columns * (rowHeight + rowGap);
                    if (names is not null)
                        Ink.Text(
                            canvas,
                            Ink.Fitted(names[i], 11.5f, size.Width),
                            x + size.Width / 2,
                            y + 13,
                            11.5f,
                            Ink.Strong,
                            SKTextAlign.Center
                        );
                    for (int k = 0; k < 3; k++)
                    {
                        var place = SKRect.Create(x, y + above + k * (size.Height + gap), size.Width, size.Height);
                        switch (k)
                        {
                            case 0:
                                PixelImage.Draw(canvas, images.Image(i), shape, place);
                                break;
                            case 1:
                                PixelImage.Draw(canvas, bytes.AsSpan(i * shape.Size, shape.Size), shape, place);
                                break;
                            default:
                                PixelImage.Draw(canvas, overlays[i], colour, place);
                                break;
                        }
                        bool mark = frames.Length > 0 && frames[i] && k == 2;
                        Ink.Frame(canvas, place, mark ? ErrorOverlay.Mark : Ink.Line, mark ? 2 : 0.75f);
                    }
                    Ink.Text(
                        canvas,
                        texts[i],
                        x + size.Width / 2,
                        y + rowHeight - 4,
                        11,
                        frames.Length > 0 && frames[i] ? ErrorOverlay.Mark : Ink.Soft,
                        SKTextAlign.Center
                    );
                }
                Legend(canvas, body.Left + left, body.Bottom - 16, most, frames.Contains(true));
            }
        );
    }

    private static void Legend(SKCanvas canvas, float x, float y, double most, bool marks)
    {
        const int width = 120;
        Ink.Text(canvas, "squared error of a pixel:", x, y + 10, 11, Ink.Soft);
        x += Ink.Measure("squared error of a pixel:", 11) + 10;
        Ink.Text(canvas, "0", x, y + 10, 11, Ink.Soft);
        x += 12;
        var bar = SKRect.Create(x, y + 1, width, 10);
        // a black and a white pixel below: what the colours look like on either
        byte[] below = [.. Enumerable.Range(0, 2 * width).Select(i => i < width ? (byte)255 : (byte)0)];
        float[] errors = [.. Enumerable.Range(0, 2 * width).Select(i => (float)(most * (i % width) / (width - 1)))];
        PixelImage.Draw(canvas, ErrorOverlay.Of(below, errors, new(2, width, 1), most), new(2, width, 3), bar);
        Ink.Frame(canvas, bar, Ink.Line, 0.75f);
        x += width + 8;
        string end = Numbers.Column([most])(most);
        Ink.Text(canvas, end, x, y + 10, 11, Ink.Soft);
        if (!marks)
            return;
        x += Ink.Measure(end, 11) + 24;
        Ink.Frame(canvas, SKRect.Create(x, y + 1, 10, 10), ErrorOverlay.Mark, 2);
        Ink.Text(canvas, "above the threshold", x + 18, y + 10, 11, Ink.Soft);
    }
}
