using SkiaSharp;

namespace Latent.Images;

/// <summary>The title and the lines below it, wrapped to a width.</summary>
internal sealed class Header
{
    private const float TitleSize = 17;
    private const float TitleLine = 23;
    private const float TextSize = 12.5f;
    private const float TextLine = 18;
    private const float Gap = 14;

    private readonly List<string> _titleLines;
    private readonly List<string> _lines;
    private readonly SKPoint _corner;
    private readonly float _width;

    public Header(string title, string? subtitle, SKPoint corner, float width)
    {
        (_corner, _width) = (corner, width);
        using var titleFont = Ink.Font(TitleSize, bold: true);
        using var font = Ink.Font(TextSize);
        _titleLines = Wrap(title, titleFont, width);
        _lines = subtitle is null ? [] : Wrap(subtitle, font, width);
    }

    public float Height => _titleLines.Count * TitleLine + (_lines.Count == 0 ? 0 : 3 + _lines.Count * TextLine) + Gap;

    public SKRect TitleArea => SKRect.Create(_corner.X, _corner.Y, _width, _titleLines.Count * TitleLine);

    public void Draw(SKCanvas canvas)
    {
        float y = _corner.Y;
        foreach (string line in _titleLines)
        {
            Ink.Text(canvas, line, _corner.X, y + 17, TitleSize, Ink.Strong, bold: true);
            y += TitleLine;
        }
        y += 3;
        foreach (string line in _lines)
        {
            Ink.Text(canvas, line, _corner.X, y + 12, TextSize, Ink.Soft);
            y += TextLine;
        }
    }

    /// <summary>Lines no wider than a width. Where the last would be short, all are made about as long as each other.</summary>
    private static List<string> Wrap(string text, SKFont font, float width)
    {
        var lines = Fill(text, font, width);
        if (lines.Count == 1 || font.MeasureText(lines[^1]) > width / 3)
            return lines;
        for (float narrower = width - 8; narrower > width / 2; narrower -= 8)
        {
            var even = Fill(text, font, narrower);
            if (even.Count > lines.Count)
                break;
            lines = even;
        }
        return lines;
    }

    private static List<string> Fill(string text, SKFont font, float width)
    {
        var lines = new List<string>();
        string line = "";
        foreach (string word in text.Split(' '))
        {
            string longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && font.MeasureText(longer) > width)
            {
                lines.Add(line);
                longer = word;
            }
            line = longer;
        }
        lines.Add(line);
        return lines;
    }
}
