using SkiaSharp;

namespace Latent.Images;

/// <summary>The colours and strokes that all figures share.</summary>
internal static class Ink
{
    public static readonly SKColor Paper = SKColors.White;
    public static readonly SKColor Strong = new(0x1f, 0x23, 0x28);
    public static readonly SKColor Soft = new(0x57, 0x60, 0x6a);
    public static readonly SKColor Line = new(0xd0, 0xd5, 0xdb);
    public static readonly SKColor Ground = new(0xe9, 0xeb, 0xee);

    public static SKFont Font(float size, bool bold = false) =>
        new(bold ? Typefaces.Bold : Typefaces.Regular, size)
        {
            Subpixel = true,
            LinearMetrics = true,
            Hinting = SKFontHinting.None,
            Edging = SKFontEdging.Antialias,
        };

    /// <summary>A line of text on a base line.</summary>
    public static void Text(
        SKCanvas canvas,
        string text,
        float x,
        float baseline,
        float size,
        SKColor color,
        SKTextAlign align = SKTextAlign.Left,
        bool bold = false
    )
    {
        using var font = Font(size, bold);
        using var paint = Paint(color);
        canvas.DrawText(text, x, baseline, align, font, paint);
    }

    /// <summary>A line of text that runs upwards, centred on a point.</summary>
    public static void TextUpwards(SKCanvas canvas, string text, float x, float y, float size, SKColor color)
    {
        canvas.Save();
        canvas.RotateDegrees(-90, x, y);
        Text(canvas, text, x, y, size, color, SKTextAlign.Center);
        canvas.Restore();
    }

    /// <summary>A text that fits a width: cut with an ellipsis where it is too long.</summary>
    public static string Fitted(string text, float size, float width, bool bold = false)
    {
        using var font = Font(size, bold);
        if (font.MeasureText(text) <= width)
            return text;
        while (text.Length > 0 && font.MeasureText(text + "…") > width)
            text = text[..^1];
        return text.TrimEnd() + "…";
    }

    /// <summary>How wide a text is.</summary>
    public static float Measure(string text, float size)
    {
        using var font = Font(size);
        return font.MeasureText(text);
    }

    public static void Fill(SKCanvas canvas, SKRect area, SKColor color)
    {
        using var paint = Paint(color);
        canvas.DrawRect(area, paint);
    }

    /// <summary>A bar or a dot with round ends.</summary>
    public static void Swatch(SKCanvas canvas, SKRect area, SKColor color)
    {
        using var paint = Paint(color);
        float radius = Math.Min(area.Width, area.Height) / 2;
        canvas.DrawRoundRect(area, radius, radius, paint);
    }

    /// <summary>A line just outside an area, so that nothing of the area is covered.</summary>
    public static void Frame(SKCanvas canvas, SKRect area, SKColor color, float width = 1)
    {
        using var paint = Paint(color);
        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeWidth = width;
        area.Inflate(width / 2, width / 2);
        canvas.DrawRect(area, paint);
    }

    private static SKPaint Paint(SKColor color) => new() { Color = color, IsAntialias = true };
}
