using Latent.Data;
using SkiaSharp;

namespace Latent.Images;

public static partial class Figures
{
    /// <summary>The first images of a set over what a model makes of them, with the squared error of each.</summary>
    /// <param name="originals">The images.</param>
    /// <param name="reconstructions">n × image size numbers from 0 to 1, of the first n images; as many as are drawn or more.</param>
    /// <param name="options"><see cref="FigureOptions.Reconstructions"/> and the scales count here.</param>
    /// <param name="part">The part of a data set that the images are, for the line below the title: "training" or "test"; null for none.</param>
    /// <exception cref="LatentException">An option is out of range, the numbers do not fit the images, or these have neither 1 nor 3 channels.</exception>
    public static Figure Reconstructions(
        ImageSet originals,
        ReadOnlySpan<float> reconstructions,
        FigureOptions? options = null,
        string? part = null
    )
    {
        options = Checked(options);
        PixelImage.Check(originals.Shape);
        var shown = originals.Take(options.Reconstructions);
        int imageSize = shown.Shape.Size;
        if (reconstructions.Length % imageSize != 0 || reconstructions.Length < shown.Count * imageSize)
            throw new LatentException(
                "The reconstructions do not fit the images.",
                $"at least {shown.Count} images of {shown.Shape}: {shown.Count * imageSize} numbers",
                $"{reconstructions.Length} numbers"
            );
        double[] errors = Errors(shown, reconstructions);
        byte[] bytes = Pixels.ToBytes(reconstructions[..(shown.Count * imageSize)]);

        const float gap = 5;
        const float names = 104;
        const float errorLine = 20;
        const float rowGap = 24;
        float scale = PixelImage.Scale(shown.Shape, ImageSide, options.ImageScale);
        var size = new SKSize(scale * shown.Shape.Width, scale * shown.Shape.Height);
        int columns = Math.Min(shown.Count, Math.Max(1, (int)((MaxWidth + gap - names) / (size.Width + gap))));
        if (shown.Count > columns)
            columns = Evenly(shown.Count, columns);
        int rows = (shown.Count + columns - 1) / columns;
        float rowHeight = 2 * size.Height + gap + errorLine;

        return new Figure(
            "Originals and their reconstructions",
            $"{originals.Name}: {Words.First(shown.Count, originals.Count, Words.Of(part, "image"))}; below each its mean squared error"
                + (shown.Count > 1 ? $", mean {errors.Average():0.0000}" : ""),
            names + columns * (size.Width + gap) - gap,
            rows * (rowHeight + rowGap) - rowGap,
            options.Scale,
            (canvas, body) =>
            {
                for (int row = 0; row < rows; row++)
                {
                    float top = body.Top + row * (rowHeight + rowGap);
                    Ink.Text(canvas, "original", body.Left, top + size.Height / 2 + 4, 12, Ink.Strong);
                    Ink.Text(canvas, "reconstruction", body.Left, top + 1.5f * size.Height + gap + 4, 12, Ink.Strong);
                    Ink.Text(canvas, "error", body.Left, top + rowHeight - 4, 11, Ink.Soft);
                }
                for (int i = 0; i < shown.Count; i++)
                {
                    float x = body.Left + names + i % columns * (size.Width + gap);
                    float y = body.Top + i / columns * (rowHeight + rowGap);
                    var above = SKRect.Create(x, y, size.Width, size.Height);
                    var below = SKRect.Create(x, y + size.Height + gap, size.Width, size.Height);
                    PixelImage.Draw(canvas, shown.Image(i), shown.Shape, above);
                    PixelImage.Draw(canvas, bytes.AsSpan(i * imageSize, imageSize), shown.Shape, below);
                    Ink.Frame(canvas, above, Ink.Line, 0.75f);
                    Ink.Frame(canvas, below, Ink.Line, 0.75f);
                    Ink.Text(canvas, $"{errors[i]:0.0000}", above.MidX, y + rowHeight - 4, 11, Ink.Soft, SKTextAlign.Center);
                }
            }
        );
    }

    private static double[] Errors(ImageSet images, ReadOnlySpan<float> reconstructions)
    {
        var errors = new double[images.Count];
        int size = images.Shape.Size;
        for (int i = 0; i < errors.Length; i++)
            errors[i] = SquaredError(images.Image(i), reconstructions.Slice(i * size, size));
        return errors;
    }

    /// <summary>The mean squared error per number, bytes divided by 255.</summary>
    internal static double SquaredError(ReadOnlySpan<byte> image, ReadOnlySpan<float> reconstruction)
    {
        double sum = 0;
        for (int i = 0; i < image.Length; i++)
        {
            double difference = image[i] / 255.0 - reconstruction[i];
            sum += difference * difference;
        }
        return sum / image.Length;
    }
}
