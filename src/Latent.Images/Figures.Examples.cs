using Latent.Data;
using SkiaSharp;

namespace Latent.Images;

public static partial class Figures
{
    /// <summary>The first images of a set, each over its label.</summary>
    /// <param name="images">The set, grey or colour.</param>
    /// <param name="options"><see cref="FigureOptions.Examples"/> and the scales count here.</param>
    /// <param name="part">The part of a data set that the images are, for the title: "training" or "test"; null for none.</param>
    /// <exception cref="LatentException">An option is out of range, or the images have neither 1 nor 3 channels.</exception>
    public static Figure Examples(ImageSet images, FigureOptions? options = null, string? part = null)
    {
        options = Checked(options);
        PixelImage.Check(images.Shape);
        const float labelSize = 12.5f;
        float labelHeight = images.HasLabels ? 22 : 0;
        var shown = images.Take(options.Examples);
        float scale = PixelImage.Scale(shown.Shape, ImageSide, options.ImageScale);
        var size = new SKSize(scale * shown.Shape.Width, scale * shown.Shape.Height);
        // room between the images for names longer than these are wide, within reason
        float longest = shown.HasLabels ? shown.LabelNames.Max(name => Ink.Measure(name, labelSize)) : 0;
        float gap = Math.Clamp(longest + 8 - size.Width, 10, Math.Max(10, 0.8f * size.Width));
        int columns = Math.Min(shown.Count, Math.Max(1, (int)((MaxWidth + gap) / (size.Width + gap))));
        if (shown.Count > columns)
            columns = Evenly(shown.Count, columns);
        int rows = (shown.Count + columns - 1) / columns;

        string title = $"{images.Name}: {Words.First(shown.Count, images.Count, Words.Of(part, "image"))}";
        string pixels = $"{shown.Shape.Height} × {shown.Shape.Width} pixels{(shown.Shape.Channels == 3 ? ", colour" : "")}";
        return new Figure(
            title,
            images.HasLabels ? $"{pixels}, each with its label" : pixels,
            columns * (size.Width + gap) - gap,
            rows * (size.Height + labelHeight + gap) - gap,
            options.Scale,
            (canvas, body) =>
            {
                for (int i = 0; i < shown.Count; i++)
                {
                    float x = body.Left + i % columns * (size.Width + gap);
                    float y = body.Top + i / columns * (size.Height + labelHeight + gap);
                    var area = SKRect.Create(x, y, size.Width, size.Height);
                    PixelImage.Draw(canvas, shown.Image(i), shown.Shape, area);
                    Ink.Frame(canvas, area, Ink.Line, 0.75f);
                    if (shown.HasLabels)
                    {
                        string label = Ink.Fitted(shown.LabelNames[shown.Labels[i]], labelSize, size.Width + gap - 2);
                        Ink.Text(canvas, label, area.MidX, area.Bottom + 16, labelSize, Ink.Strong, SKTextAlign.Center);
                    }
                }
            }
        );
    }

    /// <summary>The most columns that fill all rows alike, if there are any worth it.</summary>
    private static int Evenly(int count, int most)
    {
        for (int columns = most; columns > most / 2; columns--)
        {
            if (count % columns == 0)
                return columns;
        }
        return most;
    }
}
