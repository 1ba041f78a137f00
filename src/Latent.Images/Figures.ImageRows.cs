using Latent.Networks;
using SkiaSharp;

namespace Latent.Images;

/// <summary>Images that belong together, as a row of <see cref="Figures.ImageRows"/>.</summary>
/// <param name="Name">What stands to their left.</param>
/// <param name="Pixels">n × image size numbers from 0 to 1.</param>
public sealed record ImageRow(string Name, float[] Pixels)
{
    /// <summary>What stands below the name, smaller; null for nothing.</summary>
    public string? Note { get; init; }
}

public static partial class Figures
{
    /// <summary>Rows of images to compare: of several models, of steps of a training, of anything else. Each row has its name to the left.</summary>
    /// <param name="title">What one sees.</param>
    /// <param name="subtitle">What to know about it; null for none.</param>
    /// <param name="image">The shape of every image.</param>
    /// <param name="rows">One row or more, each of one image or more.</param>
    /// <param name="columns">What stands above the columns, from the left; null for nothing.</param>
    /// <param name="options">The scales count here.</param>
    /// <exception cref="LatentException">The numbers do not fit the shape, an option is out of range, or the images have neither 1 nor 3 channels.</exception>
    public static Figure ImageRows(
        string title,
        string? subtitle,
        Shape image,
        IReadOnlyList<ImageRow> rows,
        IReadOnlyList<string>? columns = null,
        FigureOptions? options = null
    )
    {
        options = Checked(options);
        PixelImage.Check(image);
        if (rows.Count == 0 || rows.FirstOrDefault(row => row.Pixels.Length == 0 || row.Pixels.Length % image.Size != 0) is { } wrong)
            throw Misfit(image, rows);
        const float gap = 5;
        const float textSize = 12;
        const float noteSize = 11;
        float names = rows.Max(row => Math.Max(Ink.Measure(row.Name, textSize), Ink.Measure(row.Note ?? "", noteSize))) + 12;
        float top = columns is null ? 0 : 20;
        float scale = PixelImage.Scale(image, ImageSide, options.ImageScale);
        var cell = new SKSize(scale * image.Width + gap, scale * image.Height + gap);
        byte[][] bytes = [.. rows.Select(row => Pixels.ToBytes(row.Pixels))];
        int most = bytes.Max(row => row.Length) / image.Size;

        return new Figure(
            title,
            subtitle,
            names + most * cell.Width - gap,
            top + rows.Count * cell.Height - gap,
            options.Scale,
            (canvas, body) =>
            {
                for (int c = 0; c < Math.Min(most, columns?.Count ?? 0); c++)
                {
                    string name = Ink.Fitted(columns![c], textSize, cell.Width);
                    Ink.Text(
                        canvas,
                        name,
                        body.Left + names + (c + 0.5f) * cell.Width - gap / 2,
                        body.Top + 11,
                        textSize,
                        Ink.Strong,
                        SKTextAlign.Center
                    );
                }
                for (int r = 0; r < rows.Count; r++)
                {
                    float y = body.Top + top + r * cell.Height;
                    float middle = y + (cell.Height - gap) / 2;
                    Ink.Text(canvas, rows[r].Name, body.Left, middle + (rows[r].Note is null ? 4 : -3), textSize, Ink.Strong);
                    if (rows[r].Note is { } note)
                        Ink.Text(canvas, note, body.Left, middle + 12, noteSize, Ink.Soft);
                    for (int c = 0; c < bytes[r].Length / image.Size; c++)
                    {
                        var area = SKRect.Create(body.Left + names + c * cell.Width, y, cell.Width - gap, cell.Height - gap);
                        PixelImage.Draw(canvas, bytes[r].AsSpan(c * image.Size, image.Size), image, area);
                        Ink.Frame(canvas, area, Ink.Line, 0.75f);
                    }
                }
            }
        );
    }

    private static LatentException Misfit(Shape image, IReadOnlyList<ImageRow> rows) =>
        new(
            "The rows do not hold whole images.",
            $"one row or more, each of a multiple of {image.Size} numbers, for images of {image}",
            rows.Count == 0 ? "no row" : string.Join(", ", rows.Select(row => $"{row.Pixels.Length} numbers in '{row.Name}'"))
        );
}
