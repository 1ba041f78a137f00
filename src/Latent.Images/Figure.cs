using System.Text;
using SkiaSharp;

namespace Latent.Images;

/// <summary>
/// A finished picture with a title: what <see cref="Figures"/> draws. It is drawn from data it holds, when a file is first asked for;
/// immutable, thread-safe, needs no disposal.
/// </summary>
public sealed class Figure
{
    // what charts and grids have are even areas: looking for the best filter of each line takes five times as long and makes larger files
    private static readonly SKPngEncoderOptions Compression = new(SKPngEncoderFilterFlags.None, 6);

    private readonly Action<SKCanvas, SKRect> _drawBody;
    private readonly Header _header;
    private readonly double _scale;
    private readonly Lazy<byte[]> _png; // for its file and for a report

    /// <param name="title">What one sees.</param>
    /// <param name="subtitle">What to know about it; wrapped where it is long. Null for none.</param>
    /// <param name="bodyWidth">The width of what is below the title, in units.</param>
    /// <param name="bodyHeight">Its height.</param>
    /// <param name="scale">Pixels per unit in PNG files.</param>
    /// <param name="drawBody">Draws it into a rectangle of that size.</param>
    internal Figure(string title, string? subtitle, float bodyWidth, float bodyHeight, double scale, Action<SKCanvas, SKRect> drawBody)
    {
        const float margin = 20;
        (Title, Subtitle, _drawBody, _scale) = (title, subtitle ?? "", drawBody, scale);
        float width = Math.Max(bodyWidth, 460); // room for the title above a small picture
        _header = new Header(title, subtitle, new SKPoint(margin, margin), width);
        Body = SKRect.Create(margin, margin + _header.Height, bodyWidth, bodyHeight);
        (Width, Height) = ((int)MathF.Ceiling(width + 2 * margin), (int)MathF.Ceiling(Body.Bottom + margin));
        _png = new(() => Encode(_scale));
    }

    /// <summary>What one sees.</summary>
    public string Title { get; }

    /// <summary>What to know about it; empty where there is nothing.</summary>
    public string Subtitle { get; }

    /// <summary>The width in units: pixels of a PNG of scale 1.</summary>
    public int Width { get; }

    /// <summary>The height in units.</summary>
    public int Height { get; }

    /// <summary>Where the title stands, in units.</summary>
    internal SKRect TitleArea => _header.TitleArea;

    /// <summary>Where the picture below the title is, in units.</summary>
    internal SKRect Body { get; }

    /// <summary>The PNG file at the scale of the figure's options; drawn once.</summary>
    internal ReadOnlyMemory<byte> Png => _png.Value;

    /// <summary>Writes the figure: a PNG or an SVG file, by the ending of the path.</summary>
    /// <param name="path">A path that ends with .png or .svg.</param>
    /// <exception cref="LatentException">The ending is another one, or the file cannot be written.</exception>
    public void Save(string path)
    {
        ReadOnlyMemory<byte> bytes = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PNG" => Png,
            ".SVG" => Encoding.UTF8.GetBytes(ToSvg()),
            var other => throw new LatentException(
                "A figure cannot be written as this kind of file.",
                "a path that ends with .png or .svg",
                other.Length == 0 ? $"'{path}'" : $"'{other}'",
                $"use {Path.ChangeExtension(Path.GetFileName(path), ".png")}"
            ),
        };
        AtomicFile.Write(path, stream => stream.Write(bytes.Span));
    }

    /// <summary>The figure as a PNG file.</summary>
    /// <param name="scale">Pixels per unit; null for what the figure's options say.</param>
    public byte[] ToPng(double? scale = null) => scale is { } other && other != _scale ? Encode(other) : Png.ToArray();

    private byte[] Encode(double factor)
    {
        var info = new SKImageInfo((int)Math.Ceiling(Width * factor), (int)Math.Ceiling(Height * factor));
        using var surface = SKSurface.Create(info);
        surface.Canvas.Scale((float)factor);
        Draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var pixels = image.PeekPixels();
        using var data =
            pixels.Encode(Compression)
            ?? throw new LatentException(
                "A figure is too large for a PNG file.",
                "a smaller scale",
                $"{info.Width} × {info.Height} pixels"
            );
        return data.ToArray();
    }

    /// <summary>
    /// The figure as an SVG document, its text as text: it asks for DejaVu Sans or Verdana, of the same widths, and takes any sans serif where the
    /// viewer has neither.
    /// </summary>
    public string ToSvg()
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), stream))
            Draw(canvas);
        return SvgText.Mend(Encoding.UTF8.GetString(stream.ToArray()), Width, Height, Title);
    }

    private void Draw(SKCanvas canvas)
    {
        Ink.Fill(canvas, SKRect.Create(Width, Height), Ink.Paper);
        _header.Draw(canvas);
        canvas.Save();
        _drawBody(canvas, Body);
        canvas.Restore();
    }
}
